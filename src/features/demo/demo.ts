import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Role } from '../../contract/roles.ts';
import type { Clock } from '../../core/clock.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { AuthorsService } from '../authors/authors.service.ts';
import type { FrontsService } from '../fronts/fronts.service.ts';
import type { MediaService } from '../media/media.service.ts';
import type { SectionsService } from '../sections/sections.service.ts';
import type { TagsService } from '../tags/tags.service.ts';
import type { UsersService } from '../users/users.service.ts';
import { hireStaff } from './cast.ts';
import { layOutFront } from './front.ts';
import { createOnce } from './once.ts';
import { DEMO_PASSWORD, SIGN_INS } from './people.ts';
import { PICTURES } from './pictures.ts';
import { STORIES } from './stories/index.ts';
import { makeTaxonomy } from './taxonomy.ts';
import { tellStories } from './tell.ts';
import { uploadPictures } from './upload.ts';

export interface DemoDeps {
  readonly db: Connection;
  readonly services: {
    readonly users: UsersService;
    readonly sections: SectionsService;
    readonly tags: TagsService;
    readonly authors: AuthorsService;
    readonly media: MediaService;
    readonly articles: ArticlesService;
    readonly fronts: FrontsService;
  };
  readonly config: {
    readonly production: boolean;
    readonly dataDir: string;
    readonly firstAdmin: { readonly email: string } | null;
  };
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a person needs to look around. */
export interface DemoResult {
  /** The same for everybody. */
  readonly password: string;
  readonly people: readonly { readonly email: string; readonly name: string; readonly role: Role }[];
  readonly stories: number;
  readonly pictures: number;
}

interface Guard {
  readonly _id: string;
  readonly state: 'running' | 'done';
}

const GUARD = 'demo';
const KEPT = ['articles', 'sections', 'tags', 'authors', 'media'] as const;

/**
 * Fills an empty database with a small newsroom, so that the first look is no empty list. It runs once; when it was
 * interrupted, the next call finishes it. Answers `null` when there is nothing to do, and logs why.
 * @throws Error in production, where a password that is printed has no place.
 */
export async function seedDemo(deps: DemoDeps): Promise<DemoResult | null> {
  const { db, config, log } = deps;
  if (config.production) {
    throw new Error(
      'The demo newsroom has a known password: it is not made with NODE_ENV=production. Start without DEMO and --demo.',
    );
  }
  const guards = db.collection<Guard>('guards');
  const guard = await guards.findOne({ _id: GUARD });
  if (guard?.state === 'done') {
    log.info('the demo newsroom is there already');
    return null;
  }
  if (!guard && !(await isEmpty(deps))) {
    log.warn('the database is not empty: the demo newsroom was not made');
    return null;
  }
  await guards.updateOne({ _id: GUARD }, { $set: { state: 'running' } }, { upsert: true });
  await fill(deps);
  await guards.updateOne({ _id: GUARD }, { $set: { state: 'done' } });
  const result = {
    password: DEMO_PASSWORD,
    people: SIGN_INS,
    stories: STORIES.length,
    pictures: Object.keys(PICTURES).length,
  };
  log.info(
    { stories: result.stories, pictures: result.pictures },
    guard === null
      ? 'made the demo newsroom'
      : 'finished the demo newsroom that an interrupted start had begun',
  );
  return result;
}

/** True when nobody has worked here yet. The first admin, whom the configuration makes at the start, does not count. */
async function isEmpty({ db, config }: DemoDeps): Promise<boolean> {
  for (const name of KEPT) {
    if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) return false;
  }
  const others = config.firstAdmin ? { email: { $ne: config.firstAdmin.email } } : {};
  return (await db.collection('users').findOne(others, { projection: { _id: 1 } })) === null;
}

async function fill({ db, services, config, clock, log }: DemoDeps): Promise<void> {
  const once = createOnce({ db, log });
  const cast = await hireStaff({ users: services.users, once });
  const [taxonomy, pictures] = await Promise.all([
    makeTaxonomy({ services, cast, once }),
    uploadPictures({ media: services.media, scratch: join(config.dataDir, 'tmp'), cast, once }),
  ]);
  const told = { db, articles: services.articles, clock, cast, once, taxonomy, pictures };
  const stories = await tellStories(STORIES, told);
  await layOutFront({ db, fronts: services.fronts, cast, once, taxonomy, stories });
}
