import type { Link } from './chain.ts';
import type { AuditFault, Verdict } from './verify.ts';

const FAULTS: Readonly<Record<AuditFault['what'], string>> = {
  changed: 'this row, or the one before it, is not as it was written.',
  missing: 'this row was removed, or given another number.',
  cut_off: 'rows were removed at the end: the log had come further.',
  rewritten: 'the rows up to this one are not those that the kept head was taken from.',
  no_head: 'the record of how far the log had come was removed.',
  unchained: 'there are rows that the server did not write, or that lost their number.',
};

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

/** A verdict, as the command line says it. */
export function linesOf({ upTo, fault, pending }: Verdict): string[] {
  return [
    fault
      ? `BROKEN at number ${fault.seq}: ${FAULTS[fault.what]} ${rows(upTo.seq)} before it are whole.`
      : `The audit log is whole: ${rows(upTo.seq)}.`,
    ...(pending > 0 ? [`${rows(pending)} more wait for a number; a running server gives it at once.`] : []),
    ...(fault ? [] : [`Head: ${headText(upTo)}`]),
  ];
}

/** `12:<hash>`: short enough to keep in another place, and to compare with later. */
export const headText = ({ seq, hash }: Link): string => `${seq}:${hash}`;

/** @throws Error when it is none. */
export function parseHead(text: string): Link {
  const [, seq, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? [];
  if (!seq || !hash) throw new Error('--head takes what "audit head" printed: <number>:<hash>.');
  return { seq: Number(seq), hash };
}
