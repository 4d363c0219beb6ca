import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { type Logger, pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Context, systemContext } from '../../src/core/context.ts';
import { connect } from '../../src/db/connect.ts';
import { startEmbedded } from '../../src/db/embedded/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { ArticleRecord } from '../../src/features/articles/articles.model.ts';
import { createServices, type Services } from '../../src/services.ts';
import { testBinary } from '../../test/support/mongod.ts';

export interface Newsroom {
  readonly db: Connection;
  readonly services: Services;
  readonly log: Logger;
  /** An editor, as verbs know them. */
  readonly editor: Context;
  /** A draft of ordinary length, with section, tags and byline, that passes the checks. */
  draft(): Promise<ArticleRecord>;
  close(): Promise<void>;
}

const PASSWORD = 'a sentence that only the bench knows';
const SENTENCE = 'The council heard on Tuesday that the harbour wall will be a metre higher by the winter. ';

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
/** About 5.5 KB, as a story of some 700 words is. */
const BODY = { type: 'doc', content: Array.from({ length: 12 }, () => paragraph(SENTENCE.repeat(5))) };

/** The verbs over an embedded MongoDB on disk, as production has them, in this process and without HTTP. */
export async function openNewsroom(): Promise<Newsroom> {
  const log = pino({ level: process.env.BENCH_LOG ?? 'silent' });
  const dataDir = await mkdtemp(join(tmpdir(), 'copydesk-bench-'));
  await mkdir(join(dataDir, 'tmp'));
  const mongo = await startEmbedded({ dataDir, binary: await testBinary(), log });
  const db = await connect(mongo.uri);
  await migrate(db, log);
  const jwtSecret = randomBytes(48).toString('base64');
  const config = { ...loadConfig({ BCRYPT_COST: '4', DATA_DIR: dataDir, JWT_SECRET: jwtSecret }), jwtSecret };
  const services = createServices({ config, db, clock: systemClock, publicUrl: 'http://localhost:3000' });
  const editor = await hire(services);
  const names = await nameThings(services, editor);
  let stories = 0;
  return {
    db,
    services,
    log,
    editor,
    async draft() {
      stories += 1;
      const headline = `Harbour wall to be raised, part ${stories}`;
      const story = { headline, standfirst: SENTENCE, kicker: 'Harbour', body: BODY, ...names };
      return services.articles.create(editor, story as never);
    },
    async close() {
      await db.close();
      await mongo.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function hire({ users }: Services): Promise<Context> {
  const account = { email: 'ada@example.org', name: 'Ada', duties: [], password: PASSWORD };
  const { _id } = await users.addAccount(systemContext('seed', 'bench'), { ...account, role: 'editor' });
  const actor = { kind: 'user', id: String(_id), name: 'Ada', role: 'editor', duties: [] } as const;
  return { actor: { ...actor, sessionId: 'bench', mustEnrol: false }, requestId: 'bench' };
}

async function nameThings({ sections, tags, authors }: Services, ctx: Context) {
  const section = await sections.create(ctx, { name: 'Town', parent: null });
  const author = await authors.create(ctx, { name: 'Ada Byline', bio: '', user: null });
  const names = ['Harbour', 'Council', 'Climate'];
  const made = await Promise.all(names.map((name) => tags.create(ctx, { name, description: '' })));
  return {
    section: String(section._id),
    authors: [String(author._id)],
    tags: made.map(({ _id }) => String(_id)),
  };
}
