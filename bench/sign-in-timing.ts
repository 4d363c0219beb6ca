import { fileURLToPath } from 'node:url';
import { ADMIN, createBench, type Site } from '../test/drills/rig/bench.ts';
import { median, rankSumP } from './rank-sum.ts';
import type { Bench, Row } from './support/bench.ts';

/**
 * Whether the time of an answer tells that an account exists (check 2 and 11 of the security bar): wrong password
 * against unknown account, and requests for a new password for both. Run it on a machine that does nothing else.
 */

const SAMPLES = Number(process.env.SAMPLES ?? 200);
/** Each account is tried five times: below every throttle. */
const ACCOUNTS = Math.ceil(SAMPLES / 5);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

async function call(site: Site, path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${site.url}/editorial/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

async function isReady({ url }: Site): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the server did not become ready within a minute');
}

async function hire(site: Site): Promise<void> {
  const { text } = await call(site, '/auth/login', ADMIN);
  const headers = { Authorization: `Bearer ${(JSON.parse(text) as { accessToken: string }).accessToken}` };
  for (let at = 0; at < ACCOUNTS; at += 1) {
    const person = { email: `known-${at}@example.org`, name: 'Known Person', role: 'author' };
    const { status } = await call(
      site,
      '/users',
      { ...person, password: 'green herons wade at dusk' },
      headers,
    );
    if (status !== 201) throw new Error(`an account was answered with ${status}`);
  }
}

type Kind = 'known' | 'unknown';
interface Question {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly body: (email: string) => object;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'sign-in: wrong password / unknown account',
    path: '/auth/login',
    status: 401,
    body: (email) => ({ email, password: 'not the password of anybody' }),
  },
  {
    name: 'password reset: known / unknown account',
    path: '/auth/password-reset',
    status: 202,
    body: (email) => ({ email }),
  },
];

let callers = 0;
/** Milliseconds of one answer. Each comes from a network of its own, so that no throttle is near. */
async function sample(site: Site, { path, status, body }: Question, account: string): Promise<number> {
  callers += 1;
  const headers = { 'X-Forwarded-For': `10.${callers >> 8}.${callers & 255}.1` };
  const began = performance.now();
  const answer = await call(site, path, body(`${account}@example.org`), headers);
  const took = performance.now() - began;
  if (answer.status !== status) throw new Error(`${path} was answered with ${answer.status}`);
  return took;
}

async function measure(site: Site, question: Question): Promise<Row> {
  const times: Record<Kind, number[]> = { known: [], unknown: [] };
  for (let at = 0; at < 10; at += 1) await sample(site, question, `warm-${at}`);
  for (let at = 0; at < SAMPLES; at += 1) {
    // Which comes first changes at random: whatever drifts meets both alike.
    const order: Kind[] = Math.random() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known'];
    for (const kind of order) times[kind].push(await sample(site, question, `${kind}-${at % ACCOUNTS}`));
  }
  const [known, unknown] = [median(times.known), median(times.unknown)];
  const p = rankSumP(times.known, times.unknown);
  return {
    measured: question.name,
    figure: `${known.toFixed(2)} ms`,
    beside: `${unknown.toFixed(2)} ms; rank-sum p = ${p.toFixed(3)}, ${SAMPLES} each`,
    ratio: known / unknown,
    wanted: 'medians within 5 ms, p at least 0.01',
    holds: Math.abs(known - unknown) < 5 && p >= 0.01,
  };
}

export const timing: Bench = {
  what: 'Whether the time of an answer tells that an account exists. The known account is the figure, the unknown one beside it.',
  async run() {
    const bench = createBench(MAIN);
    try {
      const site = await bench.site();
      bench.spawn(site, { env: { BCRYPT_COST: '12', TRUST_PROXY: 'loopback', LOG_LEVEL: 'warn' } });
      await isReady(site);
      await hire(site);
      const rows: Row[] = [];
      for (const question of QUESTIONS) rows.push(await measure(site, question));
      return rows;
    } finally {
      await bench.close();
    }
  },
};
