import type { BodyNode } from '../../schema/index.ts';
import type { NewArticle, PublishRequest } from '../articles/articles.contract.ts';
import type { BylineKey } from './bylines.ts';
import type { PersonKey } from './people.ts';
import type { PictureKey } from './pictures.ts';
import type { SectionKey } from './sections.ts';
import type { TagKey } from './tags.ts';

/** The ids of what was made before the story. */
export interface Made {
  picture(key: PictureKey): string;
  /** By slug; a story can only point at one that stands before it in the list. */
  story(slug: string): string;
}

type Body = (made: Made) => BodyNode[];

/** One act on a story after it was started. */
export type Step =
  | { readonly do: 'submit' | 'approve' | 'unpublish' | 'archive' | 'bin' }
  | { readonly do: 'publish'; readonly as?: PublishRequest }
  | { readonly do: 'kill'; readonly reason: string }
  | {
      readonly do: 'change';
      readonly to: { readonly headline?: string; readonly standfirst?: string; readonly body?: Body };
    };

/** A story of the demo newsroom, and how it came to stand where it stands. */
export interface DemoStory {
  readonly slug: string;
  /** Who starts it. What the desk alone may do, the editor does. */
  readonly by: PersonKey;
  readonly type: NonNullable<NewArticle['type']>;
  readonly language?: string;
  readonly headline: string;
  readonly kicker?: string;
  readonly standfirst?: string;
  readonly section?: SectionKey;
  readonly tags?: readonly TagKey[];
  readonly bylines?: readonly BylineKey[];
  readonly hero?: PictureKey;
  /** The picture's own where absent. */
  readonly heroCaption?: string;
  readonly sensitive?: boolean;
  readonly embargoDays?: number;
  readonly assignee?: PersonKey;
  readonly body?: Body;
  readonly path: readonly Step[];
}

export const DRAFT: readonly Step[] = [];
export const IN_REVIEW: readonly Step[] = [{ do: 'submit' }];
export const APPROVED: readonly Step[] = [...IN_REVIEW, { do: 'approve' }];
export const PUBLISHED: readonly Step[] = [...APPROVED, { do: 'publish' }];
