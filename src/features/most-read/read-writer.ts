import { startRounds, type Worker, type WorkerLog } from '../../core/rounds.ts';
import type { ReadCounting } from './counting.ts';

const EVERY_MS = 10_000;

/** Writes down what this process has counted, every ten seconds and when it ends. */
export const startReadWriter = ({
  counting,
  log,
}: {
  counting: Pick<ReadCounting, 'write'>;
  log: WorkerLog;
}): Worker =>
  startRounds({
    ...{ name: 'read writer', log },
    round: async () => {
      await counting.write();
      return EVERY_MS;
    },
    leave: counting.write,
  });
