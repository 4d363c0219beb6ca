import { type Load, load } from './load.ts';
import { interleave } from './rounds.ts';
import type { Served } from './served.ts';

export interface Side {
  readonly served: Served;
  readonly path: string;
}

export interface Figure {
  readonly perSecond: number;
  /** Of the server's own process, for each request: steadier than requests a second on a shared machine. */
  readonly processorMs: number;
}

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;

/** Puts the same load on Copydesk and on what stands beside it, in turns. */
export async function contest(
  sides: { readonly copydesk: Side; readonly bare: Side },
  asked: Omit<Load, 'port' | 'path'>,
  { rounds }: { readonly rounds: number },
): Promise<{ readonly copydesk: Figure; readonly beside: Figure; readonly ratio: number }> {
  const spent = { copydesk: [] as number[], bare: [] as number[] };
  const contender = (name: 'copydesk' | 'bare') => ({
    name,
    async round() {
      const { served, path } = sides[name];
      const before = served.processorMs();
      const { perSecond } = await load({ ...asked, port: served.port, path });
      spent[name].push((served.processorMs() - before) / asked.requests);
      return perSecond;
    },
  });
  const figures = await interleave([contender('copydesk'), contender('bare')], { rounds });
  const of = (name: 'copydesk' | 'bare'): Figure => ({
    perSecond: figures.of(name),
    processorMs: mean(spent[name].slice(1)),
  });
  return { copydesk: of('copydesk'), beside: of('bare'), ratio: figures.ratio('copydesk', 'bare') };
}
