import type { FileHandle } from 'node:fs/promises';
import { invalidField } from '../../core/errors.ts';
import { readAt } from './file-parts.ts';

const END_WITHIN = 2_048;
/** Some writers count from another line end. */
const NEAR = 8;
const ENDING = /startxref\s+(\d{1,15})\s*$/;
/** A table of objects, or an object that holds one (ISO 32000-1, 7.5.4 and 7.5.8). */
const TABLE = /(?<!start)xref|\d+\s+\d+\s+obj/;

const damaged = (message: string) => invalidField('/file', 'damaged', message);

/**
 * Sees to it that a document is one and is all there: its last lines say where the table of its objects stands.
 * @throws DomainError for what is cut off, or leads nowhere.
 */
export async function requireDocument(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const head = await readAt(file, 0, 5);
  if (head.toString('latin1') !== '%PDF-')
    throw damaged('Something stands in front of the document. Save it as PDF anew, and send that.');
  const tail = (await readAt(file, Math.max(0, size - END_WITHIN), END_WITHIN)).toString('latin1');
  const end = tail.lastIndexOf('%%EOF');
  if (end < 0) throw damaged('The document is cut off. Send it again.');
  const table = Number(ENDING.exec(tail.slice(0, end))?.[1] ?? Number.NaN);
  const found = table < size ? await readAt(file, Math.max(0, table - NEAR), 64) : Buffer.alloc(0);
  if (!TABLE.test(found.toString('latin1')))
    throw damaged(
      'The document is damaged: the list of its parts is not there. Save it as PDF anew, and send that.',
    );
}
