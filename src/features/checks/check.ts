import type { ArticleRecord } from '../articles/articles.model.ts';
import type { MediaUse, RightsState } from '../media/rights.contract.ts';
import type { SignOffKind, StaleSignOff } from '../sign-offs/sign-off.contract.ts';
import type { CheckCode, Finding, Level } from './checks.contract.ts';

/** A blocking note on the story that nobody has resolved. */
export interface OpenNote {
  readonly id: string;
  readonly text: string;
  /** The name of whoever wrote it, where a person did. */
  readonly by: string | null;
  /** The block that it is about. */
  readonly block: string | null;
}

/** A sign-off of the story, with what has changed since; nothing while it holds. */
export interface GivenSignOff extends StaleSignOff {
  /** Its place in the article's `signOffs`. */
  readonly place: number;
  /** The name of whoever gave it, where they still have an account. */
  readonly name: string | null;
}

/** The terms under which the newsroom has a picture, and how they stand by the database's time. */
export interface PictureRights {
  readonly state: RightsState;
  readonly allowedFrom: Date | null;
  readonly allowedUntil: Date | null;
  readonly allowedUses: readonly MediaUse[] | null;
}

type Ids = ReadonlySet<string>;

/** What the checks look at beside the story itself; looked up before, so that they are pure. */
export interface Around {
  /** The database's time. */
  readonly now: Date;
  /** Which of the ids in the story name something. */
  readonly known: Readonly<Record<'sections' | 'tags' | 'authors' | 'media', Ids>>;
  /** What the media library says of the story's pictures. */
  readonly pictures: ReadonlyMap<
    string,
    { readonly _id: unknown; readonly alt: string; readonly credit: string }
  >;
  /** The rights to the story's pictures. */
  readonly rights: ReadonlyMap<string, PictureRights>;
  /** Which of the stories that it shows as related readers have. */
  readonly related: Ids;
  /** A story that readers got lately under the same headline or address. */
  readonly twin: { readonly headline: string; readonly slug: string } | null;
  readonly notes: readonly OpenNote[];
  readonly signOffs: { readonly required: readonly SignOffKind[]; readonly given: readonly GivenSignOff[] };
}

/** A finding before it is known which check made it. */
export type Found = Omit<Finding, 'code'>;

export interface Check {
  /** What it finds, for docs/CHECKS.md. */
  readonly means: string;
  /** How it weighs where no setting says otherwise. */
  readonly level: Level;
  /** What has to be looked up for it. */
  readonly needs?: readonly (keyof Around)[];
  readonly find: (story: ArticleRecord, around: Around) => readonly Found[];
}

/** Some of the checks, by code. */
export type Checks = Readonly<Partial<Record<CheckCode, Check>>>;

/** One finding at a field when the claim holds. */
export const when = (holds: boolean, pointer: string, message: string): Found[] =>
  holds ? [{ pointer, message }] : [];

export const isBlank = (text: string | null | undefined): boolean => !text || text.trim() === '';
