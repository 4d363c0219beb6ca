import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { processes } from '../../../src/db/embedded/process-identity.ts';
import { createImagingProcess } from '../../../src/features/media/imaging-process.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { fileOf, picture, storedFiles, uploaded, waitingFiles } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';

let beside: TestApp;
let author: Client;

beforeAll(async () => {
  beside = await createTestApp({ IMAGE_PROCESS: '1' });
  author = await beside.as('author');
});
afterAll(() => beside.close());

/** The fields of `/proc/<pid>/stat` behind the name of the process. */
const statOf = async (pid: number): Promise<string[]> =>
  (await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')).replace(/^.*\) /, '').split(' ');

/** The process in which this one has pictures made. */
async function painter(): Promise<number | undefined> {
  const found = (await processes()).filter(({ args }) => args.some((arg) => arg.includes('imaging-child')));
  for (const { pid } of found) {
    const [, parent] = await statOf(pid);
    if (Number(parent) === process.pid) return pid;
  }
  return undefined;
}

/** Whether or not it is still there. */
function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** One that ends before it can do anything, as where the decoder is not of this machine. */
const stillborn = () => fork(fileURLToPath(import.meta.url), { execPath: '/bin/false' });

const large = () => picture('jpeg', { width: 1500, height: 1100 });

describe('pictures that are made in a process beside the server', () => {
  it('are the same, and told of in the same words', async () => {
    const within = await createTestApp();
    const bytes = await picture('jpeg', { width: 700, height: 500 });
    const [here, there] = [await uploaded(await within.as('author'), bytes), await uploaded(author, bytes)];
    const facts = ({ type, width, height, placeholder, dominantColor, renditions }: typeof here) => ({
      ...{ type, width, height, placeholder, dominantColor },
      renditions: renditions.map(({ url: _url, ...rest }) => rest),
    });

    expect(facts(there)).toEqual(facts(here));
    for (const [status, file] of [
      [422, bytes.subarray(0, 5_000)],
      [415, Buffer.from('<!doctype html>')],
    ] as const) {
      const refused = await author.editorial.media
        .create({ body: {}, file: fileOf(file), fileName: 'a' })
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ status, problem: { requestId: expect.any(String) } });
    }
    await within.close();
  });

  it('are behind whatever else wants the processor', async () => {
    await uploaded(author, await picture('jpeg', { width: 210 }));

    const nice = getPriority((await painter()) ?? -1);

    expect(nice).toBeGreaterThanOrEqual(constants.priority.PRIORITY_BELOW_NORMAL);
  });

  it('are not to blame for a process that cannot load its decoder', async () => {
    const imaging = createImagingProcess(stillborn);

    await expect(imaging.glimpse(Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('know nothing of the environment, where secrets are', async () => {
    await uploaded(author, await picture('jpeg', { width: 215 }));

    const environment = await readFile(`/proc/${(await painter()) ?? 0}/environ`, 'latin1');

    // Node tells a child by one name how to talk to it.
    expect(environment.replaceAll(/NODE_CHANNEL_\w+=\w+\0/g, '')).toBe('');
  });

  it('R26 are made anew when the process dies over them, and the server is not touched', async () => {
    const first = await painter();
    const item = uploaded(author, await large());
    await until(async () => (await waitingFiles(beside)).length > 0);
    kill(first);

    await expect(item).resolves.toMatchObject({ width: 1500 });
    expect(await painter()).not.toBe(first);
  });

  it('R26 are given up when it dies over them again and again: nothing is kept, and the next one is taken', async () => {
    const kept = await storedFiles(beside);
    let answer: unknown;
    void uploaded(author, await large()).then(
      (item) => {
        answer = item;
      },
      (error: unknown) => {
        answer = error;
      },
    );
    await until(async () => {
      kill(await painter());
      return answer !== undefined;
    });

    expect(answer).toMatchObject({ status: 422, problem: { errors: [{ code: 'damaged' }] } });
    expect([await storedFiles(beside), await waitingFiles(beside)]).toEqual([kept, []]);
    await expect(uploaded(author, await picture('jpeg', { width: 220 }))).resolves.toMatchObject({
      width: 220,
    });
  });
});
