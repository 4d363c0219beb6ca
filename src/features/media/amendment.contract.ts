import { z } from 'zod';
import { Id, Line } from '../../contract/shapes.ts';
import { KEYWORDS } from './facts.contract.ts';
import { MediaPatch } from './media.contract.ts';

const words = z.array(Line(KEYWORDS.length).min(1)).min(1).max(KEYWORDS.count);
const collections = z.array(Id).min(1).max(20);

/** What can be said of many pictures at once; what is added or taken away leaves the rest of each. */
export const MediaAmendment = z
  .strictObject({
    ...MediaPatch.pick({
      credit: true,
      byline: true,
      copyright: true,
      usageTerms: true,
      licensor: true,
      source: true,
      keywords: true,
      rights: true,
      collections: true,
    }).shape,
    addKeywords: words,
    removeKeywords: words,
    addCollections: collections,
    removeCollections: collections,
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'Say what to change.')
  .meta({ id: 'MediaAmendment' });
export type MediaAmendment = z.output<typeof MediaAmendment>;
