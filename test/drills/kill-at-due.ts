import type { Client } from '../../src/client/index.ts';
import { draft } from '../support/factories.ts';
import type { Site } from './rig/bench.ts';
import { violations } from './rig/checker.ts';
import { openDesk } from './rig/desk.ts';
import { createFindings, type Drill, type Findings } from './rig/drill.ts';
import { readStateOf, type State } from './rig/state.ts';
import { readyAfter, type Supervisor, superviseServer } from './rig/supervisor.ts';
import { pause, until } from './rig/wait.ts';

const STORIES = 8;
/** Long enough to order everything before it on a slow machine. */
const AHEAD_MS = 5_000;
const RECOVERED_MS = 30_000;

interface Round {
  readonly due: Date;
  readonly stories: readonly string[];
  readonly calledOff: string;
}

/** Drill 18: the server dies at the moment at which stories are due; each is published once, what was called off never. */
export const killAtDue: Drill = {
  name: '18  kill -9 of the server at the due moment',
  async run({ bench, rounds, random, idle }) {
    const findings = createFindings();
    const site = await bench.site();
    const supervisor = superviseServer(bench, site);
    await readyAfter(site, supervisor.current());
    const { client } = await openDesk(site);
    const told: Round[] = [];
    const latest: number[] = [];
    try {
      const last = Math.max(1, rounds - 2);
      for (let round = 1; round <= last; round += 1) {
        const ordered = await order(client);
        await pause(ordered.due.getTime() - Date.now() - 300 + random() * 900);
        await killed(site, supervisor);
        // What is left is waiting for the dead server's claims to lapse.
        if (round === last) idle();
        latest.push(await published(client, ordered, findings));
        told.push(ordered);
      }
      const state = await readStateOf(site.dataDir);
      findings.add(violations(state, []));
      findings.add(told.flatMap((one) => wrongIn(state, one)));
    } finally {
      supervisor.stop();
    }
    return {
      numbers: { stories: told.length * STORIES, lateMs: latest.join(' ') },
      violations: findings.list,
    };
  },
};

async function order(client: Client): Promise<Round> {
  const drafts = await Promise.all(Array.from({ length: STORIES + 1 }, () => draft(client)));
  const due = new Date(Date.now() + AHEAD_MS);
  const body = { publishAt: due.toISOString() };
  const { articles } = client.editorial;
  await Promise.all(drafts.map(({ id }) => articles.schedule({ params: { id }, ifMatch: 1, body })));
  const [calledOff = '', ...stories] = drafts.map(({ id }) => id);
  await articles.unschedule({ params: { id: calledOff }, ifMatch: 2 });
  return { due, stories, calledOff };
}

async function killed(site: Site, supervisor: Supervisor): Promise<void> {
  const victim = supervisor.current();
  victim.signal('SIGKILL');
  await until('the supervisor started another', async () => supervisor.current() !== victim, 5_000);
  await readyAfter(site, supervisor.current());
}

/** Waits until every story of a round is out; answers how late the last one was, in milliseconds. */
async function published(client: Client, { due, stories }: Round, findings: Findings): Promise<number> {
  const { articles } = client.editorial;
  const read = (id: string) => articles.read({ params: { id } }).catch(() => null);
  const allOut = async () =>
    (await Promise.all(stories.map(read))).every((story) => story?.status === 'published');
  await until('everything that was due is published', allOut, RECOVERED_MS);
  const moments = (await Promise.all(stories.map(read))).map((story) => Date.parse(story?.publishedAt ?? ''));
  findings.expect(Math.min(...moments) >= due.getTime(), 'a story was published before it was due');
  return Math.max(...moments) - due.getTime();
}

/** The checker holds events, audit rows and revisions against the publications; these are counted here. */
function wrongIn({ articles, publications }: State, { stories, calledOff }: Round): string[] {
  const counted = (id: string) => publications.filter(({ article }) => article === id).length;
  const status = articles.find(({ id }) => id === calledOff)?.status;
  return [
    ...stories.filter((id) => counted(id) !== 1).map((id) => `${id} was published ${counted(id)} times`),
    ...(counted(calledOff) > 0 ? [`${calledOff} was called off and published`] : []),
    ...(status === 'approved' ? [] : [`${calledOff} was called off and is ${status}`]),
  ];
}
