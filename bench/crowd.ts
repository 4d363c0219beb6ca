import { constants } from 'node:os';
import type { Client } from '../src/client/index.ts';
import { pause } from '../test/drills/rig/wait.ts';
import { median } from './rank-sum.ts';
import type { Bench, BenchOptions, Row } from './support/bench.ts';
import { type Heard, heardOf, KINDS, prefer, readBeside, slowed } from './support/beside.ts';
import { commented, photo } from './support/photo.ts';
import { openDemo } from './support/served.ts';

const AT_ONCE = 20;
const QUIET_MS = 10_000;

async function measure({ rounds }: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  const server = await demo.server();
  const desk = await server.editor();
  const { data } = await desk.content.articles.list({ query: { limit: '1' } });
  const slug = data[0]?.slug ?? '';
  const reading = readBeside({ port: server.port, slug });
  try {
    const picture = await photo();
    // This process stands for those who send, elsewhere: what it takes to do so is not the server's.
    prefer(process.pid, constants.priority.PRIORITY_LOW);
    await pause(QUIET_MS / 2);
    const quiet: Heard[] = [];
    for (let round = 0; round < rounds; round += 1) quiet.push(await reading.during(() => pause(QUIET_MS)));
    const busy: Heard[] = [];
    const seconds: number[] = [];
    let refused = 0;
    for (let round = 0; round < rounds; round += 1) {
      const files = Array.from({ length: AT_ONCE }, (_none, at) => commented(picture, `${round}-${at}`));
      const began = performance.now();
      busy.push(
        await reading.during(async () => {
          const answers = await Promise.allSettled(files.map((file) => upload(desk, file)));
          refused += answers.filter(({ status }) => status === 'rejected').length;
        }),
      );
      seconds.push((performance.now() - began) / 1_000);
    }
    const later = await reading.during(() => pause(QUIET_MS));
    return [
      ...KINDS.map((kind) =>
        slowed(`${kind}, ${AT_ONCE} uploads at once`, heardOf(busy, kind), heardOf(quiet, kind)),
      ),
      ...KINDS.map((kind) =>
        slowed(`${kind}, other renditions being made`, heardOf([later], kind), heardOf(quiet, kind)),
      ),
      {
        measured: `${AT_ONCE} uploads of 12 megapixels (${(picture.length / 2 ** 20).toFixed(1)} MB) until all are answered`,
        figure: `${median(seconds).toFixed(1)} s, ${refused} refused`,
        ...{ wanted: 'none refused', holds: refused === 0 },
      },
    ];
  } finally {
    reading.stop();
    await demo.close();
  }
}

const upload = (desk: Client, bytes: Buffer) =>
  desk.editorial.media.create({ body: {}, file: new Blob([new Uint8Array(bytes)]), fileName: 'quay.jpg' });

export const crowd: Bench = {
  what: `Readers while ${AT_ONCE} pictures of 12 megapixels come in at once: 100 stories a second, asked at their time by another process whatever the answers take, half of them of kept pages.`,
  run: measure,
};
