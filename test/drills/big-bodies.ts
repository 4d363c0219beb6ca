import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDesk } from './rig/desk.ts';
import { createFindings, type Drill, type Findings } from './rig/drill.ts';
import { type Flood, pour } from './rig/pour.ts';
import { readyAfter } from './rig/supervisor.ts';
import { pause, until } from './rig/wait.ts';

const MB = 1_048_576;
const GB = 1_024 * MB;
const JSON_MOST = MB;
const FILE_MOST = 25 * MB;
/** Nothing that is sent may cost more memory than this, whatever its length. */
const MOST_MB = 100;
/** What the server reads meanwhile beside bodies: its database, its files. */
const BESIDE = 8 * MB;
const SAMPLE_MS = 25;
const BOUNDARY = 'xxDrillxx';

const json = 'Content-Type: application/json';
const form = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`;
const chunked = 'Transfer-Encoding: chunked';
const ofLength = (bytes: number) => `Content-Length: ${bytes}`;
const articles = { path: '/editorial/v1/articles', limit: JSON_MOST, begin: '{"headline":"' };
const part = (about: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${about}\r\n\r\n`;
const media = { path: '/editorial/v1/media', limit: FILE_MOST, begin: part('name="file"; filename="a.jpg"') };
const bomb = () => gzipSync(Buffer.alloc(GB / 2, 0x20), { level: 9 });

/** Each is refused before twice its limit is read. Who goes on sending may find the connection closed over the answer. */
const FLOODS: readonly Flood[] = [
  { ...articles, what: '1 GB of JSON', headers: [json, ofLength(GB)], total: GB, status: 413 },
  { ...articles, what: 'JSON without end', headers: [json, chunked], total: GB, status: 413 },
  {
    ...articles,
    what: 'JSON without end to a stranger',
    headers: [json, chunked],
    total: GB,
    status: 401,
    signedIn: false,
  },
  {
    ...articles,
    what: 'a gzip bomb',
    headers: [json, 'Content-Encoding: gzip', chunked],
    begin: '',
    body: bomb,
    total: MB,
    status: 413,
  },
  { ...media, what: 'a form of 10 GB', headers: [form, ofLength(10 * GB)], total: 10 * GB, status: 413 },
  { ...media, what: 'a form without end', headers: [form, chunked], total: 10 * GB, status: 413 },
  {
    ...media,
    what: 'a form without end to a stranger',
    headers: [form, chunked],
    total: GB,
    status: 401,
    signedIn: false,
  },
  {
    ...media,
    what: 'a text of a form without end',
    headers: [form, chunked],
    begin: part('name="alt"'),
    total: GB,
    status: 413,
  },
  {
    ...media,
    what: 'the head of a part without end',
    headers: [form, chunked],
    begin: `--${BOUNDARY}\r\nX: `,
    total: GB,
    status: 413,
  },
  {
    ...media,
    what: 'a form that is longer than it says',
    headers: [form, ofLength(2_000)],
    total: 64 * MB,
    status: 400,
  },
  {
    ...articles,
    what: 'JSON that is longer than it says',
    headers: [json, ofLength(2_000)],
    total: 64 * MB,
    status: 400,
  },
];

/** Drill 13: bodies that are larger than anybody may send, and such as lie about it. */
export const bigBodies: Drill = {
  name: '13  oversized bodies',
  async run({ bench }) {
    const findings = createFindings();
    const site = await bench.site();
    const server = bench.spawn(site);
    await readyAfter(site, server);
    const { token, client } = await openDesk(site);
    const facts = factsOf(server.pid, join(site.dataDir, 'tmp'));
    // What is compiled and kept at first use is no growth.
    for (const flood of FLOODS) await pour(site, { ...flood, total: MB }, token, 300);
    await pause(500);
    const before = await facts.now();
    const watch = facts.watch();
    let mostRead = 0;
    for (const flood of FLOODS) {
      const from = await facts.read();
      const { status, sent } = await pour(site, flood, token);
      const read = (await facts.read()) - from;
      mostRead = Math.max(mostRead, read);
      judge(flood, { status, sent, read }, findings);
    }
    const grownMb = Math.round(((await watch.stop()) - before.memory) / MB);
    findings.expect(grownMb < MOST_MB, `its memory grew by ${grownMb} MB`);
    await until('nothing is left of it', async () => (await facts.now()).waiting === 0, 10_000);
    const after = await facts.now();
    findings.expect(after.files <= before.files + 5, `${before.files} descriptors became ${after.files}`);
    findings.expect(!server.hasEnded(), 'the server has ended');
    await client.editorial.articles.create({ body: { headline: 'Still here' } });
    const numbers = { floods: FLOODS.length, grownMb, mostReadMb: Math.round(mostRead / MB) };
    return { numbers, violations: findings.list };
  },
};

function judge(
  { what, status: wanted, limit }: Flood,
  { status, sent, read }: { status: number | null; sent: number; read: number },
  findings: Findings,
): void {
  const told = `${what}: ${status ?? 'closed'} after ${sent} bytes, ${read} read`;
  findings.expect(status === null || status === wanted, `${told}; ${wanted} was to be the answer`);
  findings.expect(read <= 2 * limit + BESIDE, told);
}

/** What the system tells of a process. */
function factsOf(pid: number, scratch: string) {
  const file = (name: string) => readFile(`/proc/${pid}/${name}`, 'latin1');
  const memory = async () => Number(/VmRSS:\s+(\d+)/.exec(await file('status'))?.[1]) * 1_024;
  return {
    read: async () => Number(/rchar: (\d+)/.exec(await file('io'))?.[1]),
    now: async () => ({
      memory: await memory(),
      files: (await readdir(`/proc/${pid}/fd`)).length,
      waiting: (await readdir(scratch)).length,
    }),
    /** Answers the most memory that was seen. */
    watch() {
      let most = 0;
      const timer = setInterval(async () => {
        most = Math.max(most, await memory().catch(() => 0));
      }, SAMPLE_MS);
      return {
        async stop() {
          clearInterval(timer);
          return Math.max(most, await memory());
        },
      };
    },
  };
}
