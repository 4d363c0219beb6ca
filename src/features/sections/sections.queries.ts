import type { ClientSession, Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { bySlug, underSlugs } from '../../db/slugs.ts';
import { type SectionRecord, sectionModel, TREE_LIMIT } from './sections.model.ts';

type AnyId = string | Types.ObjectId;

/** A section with all below it. */
interface Branch {
  readonly below: readonly Pick<SectionRecord, '_id'>[];
}

export type SectionLookup = ReturnType<typeof createSectionLookup>;

/** Sections as stories and readers meet them. */
export function createSectionLookup({ db }: { db: Connection }) {
  const Sections = sectionModel(db);
  return { resolve, existing, bySlugs, descendants, branches, tree };

  async function resolve(ids: readonly AnyId[]): Promise<ReadonlyMap<string, SectionRecord>> {
    if (ids.length === 0) return new Map();
    const found: SectionRecord[] = await Sections.find({ _id: { $in: [...ids] } }).lean();
    return byId(found);
  }

  /** Those of the ids that are sections, as text. */
  async function existing(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlySet<string>> {
    const found = await Sections.find({ _id: { $in: [...ids] } }, { _id: 1 })
      .session(session)
      .lean();
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** By slug or by one they had before; uses the indexes `slug` and `formerSlugs`. */
  async function bySlugs(slugs: readonly string[]): Promise<SectionRecord[]> {
    return Sections.find(bySlug(slugs)).lean();
  }

  /** The ids of these sections and of everything below them; uses the index `path`. */
  async function descendants(ids: readonly Types.ObjectId[]): Promise<Types.ObjectId[]> {
    const below = await Sections.find({ path: { $in: [...ids] } }, { _id: 1 }).lean();
    return below.map(({ _id }) => _id);
  }

  /** For each slug that is or was a section's: `descendants` of it, in one question. Uses their indexes. */
  async function branches(slugs: readonly string[]): Promise<ReadonlyMap<string, readonly Types.ObjectId[]>> {
    const found = await Sections.aggregate<Pick<SectionRecord, 'slug' | 'formerSlugs'> & Branch>([
      { $match: bySlug(slugs) },
      {
        $lookup: {
          ...{ from: Sections.collection.name, localField: '_id', foreignField: 'path' },
          ...{ pipeline: [{ $project: { _id: 1 } }], as: 'below' },
        },
      },
      { $project: { slug: 1, formerSlugs: 1, below: 1 } },
    ]);
    return underSlugs(found, ({ below }) => below.map(({ _id }) => _id));
  }

  /** Every section by name; uses the index `name`. */
  async function tree(): Promise<SectionRecord[]> {
    return Sections.find().sort({ nameKey: 1, _id: 1 }).limit(TREE_LIMIT).lean();
  }
}
