import type { Tx } from '../../db/transaction.ts';
import { articlesIn, placedMedia } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { Surroundings } from '../articles/survey.queries.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { RevisionsService } from '../revisions/revisions.service.ts';
import { SIGNED_FIELDS, type SignOffKind } from '../sign-offs/sign-off.contract.ts';
import { changedBlocks, changedFields, type SignOffRecord } from '../sign-offs/signed-text.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { Around, GivenSignOff, OpenNote } from './check.ts';

export interface AroundDeps {
  readonly lookups: { readonly media: Pick<MediaLookup, 'existing' | 'refiled' | 'resolve' | 'rights'> };
  readonly published: Pick<PublishedQueries, 'links' | 'twinOf'>;
  readonly openBlockingNotes: (article: ArticleRecord['_id'], session: Tx['session']) => Promise<OpenNote[]>;
  readonly revisions: Pick<RevisionsService, 'find'>;
  /** Findings name people, and not their ids. */
  readonly accounts: Pick<UserAccounts, 'byIds'>;
}

/** The story with what is around it, and the sign-offs that its type requires. */
export interface Examined {
  readonly story: ArticleRecord;
  readonly around: Surroundings;
  readonly required: readonly SignOffKind[];
}

type Loaders = {
  readonly [N in keyof Around]: (examined: Examined, tx: Tx) => Promise<Around[N]>;
};

/** Where nothing was looked up, nothing is known; a check that needs more says so in `needs`. */
const NOTHING: Around = {
  now: new Date(0),
  known: { sections: new Set(), tags: new Set(), authors: new Set(), media: new Set() },
  pictures: new Map(),
  rights: new Map(),
  related: new Set(),
  twin: null,
  notes: [],
  signOffs: { required: [], given: [] },
};

type Changed = GivenSignOff['changed'];

/** Looks up what the checks need, and nothing else: most publications ask the database for little. */
export function createAround(deps: AroundDeps) {
  const { lookups, published, revisions, accounts } = deps;
  const loaders: Loaders = {
    now: async ({ around }) => around.now,
    known: async ({ story, around }, tx) => ({
      ...around.filedUnder,
      media:
        story.media.length === 0
          ? NOTHING.known.media
          : await lookups.media.existing(story.media.map(String), tx.session),
    }),
    pictures: async ({ story }) => lookups.media.resolve(story.media),
    rights: async ({ story }, tx) => lookups.media.rights(story.media, tx.session),
    related: async ({ story }) =>
      new Set((await published.links(articlesIn(story.body))).map(({ _id }) => String(_id))),
    twin: async ({ story }) => published.twinOf(story),
    notes: async ({ story, around }, tx) => (around.hasBlockingNotes ? openNotes(story, tx) : NOTHING.notes),
    signOffs: async ({ story, required }, tx) => ({ required, given: await givenSignOffs(story, tx) }),
  };

  return async function lookAround(
    examined: Examined,
    needs: ReadonlySet<keyof Around>,
    tx: Tx,
  ): Promise<Around> {
    const found: Record<string, unknown> = {};
    // One after the other: a session carries one statement at a time.
    for (const need of needs) found[need] = await loaders[need](examined, tx);
    return { ...NOTHING, ...found };
  };

  async function openNotes({ _id }: ArticleRecord, tx: Tx): Promise<OpenNote[]> {
    const open = await deps.openBlockingNotes(_id, tx.session);
    const people = await accounts.byIds(open.flatMap(({ by }) => by ?? []));
    return open.map((note) => ({ ...note, by: people.get(note.by ?? '')?.name ?? null }));
  }

  async function givenSignOffs(story: ArticleRecord, tx: Tx): Promise<GivenSignOff[]> {
    const signOffs = story.signOffs ?? [];
    if (signOffs.length === 0) return [];
    const people = await accounts.byIds(signOffs.map(({ by }) => String(by)));
    const given: GivenSignOff[] = [];
    for (const [place, signOff] of signOffs.entries()) {
      const { kind, at } = signOff;
      const by = String(signOff.by);
      const changed = await changedSince(story, signOff, tx);
      given.push({ place, kind, by, name: people.get(by)?.name ?? null, at: at.toISOString(), changed });
    }
    return given;
  }

  /** What is written by what was signed, and what is shown by the files that it shows. */
  async function changedSince(story: ArticleRecord, signOff: SignOffRecord, tx: Tx) {
    const written = await writtenSince(story, signOff, tx);
    const refiled = await lookups.media.refiled(story.media, signOff.at, tx.session);
    return refiled.size === 0 ? written : withShown(written, shownAgain(story, refiled));
  }

  /** The fields by their hashes; the blocks by the revision that was read, as long as it is kept. */
  async function writtenSince(
    story: ArticleRecord,
    { parts, version }: SignOffRecord,
    tx: Tx,
  ): Promise<Changed> {
    const fields = changedFields(parts, story);
    if (!fields.includes('body')) return { fields, blocks: [] };
    const signed = await revisions.find<ArticleRecord>(tx, String(story._id), version);
    return { fields, blocks: signed ? changedBlocks(signed.body, story.body) : [] };
  }
}

/** Where a story shows other files under the same names. */
function shownAgain({ hero, body }: ArticleRecord, refiled: ReadonlySet<string>): Changed {
  const blocks = placedMedia(body).flatMap(({ media, block }) =>
    refiled.has(media) && block !== undefined ? [block] : [],
  );
  return {
    fields: [
      ...(blocks.length > 0 ? (['body'] as const) : []),
      ...(hero && refiled.has(String(hero.media)) ? (['hero'] as const) : []),
    ],
    blocks,
  };
}

const withShown = (written: Changed, shown: Changed): Changed => ({
  fields: SIGNED_FIELDS.filter((field) => written.fields.includes(field) || shown.fields.includes(field)),
  blocks: [...new Set([...written.blocks, ...shown.blocks])],
});
