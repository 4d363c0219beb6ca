export { newBlockId } from './block-ids.ts';
export { Body } from './body.ts';
export {
  EMBED_PROVIDER_NAMES,
  EMBED_PROVIDERS,
  type EmbedProviderName,
  embedUrl,
  isEmbedRef,
} from './embeds.ts';
export {
  articlesIn,
  blockIds,
  bodyStats,
  mediaIn,
  saidIn,
  withMedia,
  withoutCommerce,
  withoutMedia,
} from './inspect.ts';
export { codeOf, wordsOf } from './issue-words.ts';
export { BODY_LIMITS } from './limits.ts';
export { emptyBody, type ParsedBody, parseBody } from './parse.ts';
export { type MediaKind, type PlacedMedia, placedMedia } from './placed-media.ts';
export type * from './portable-text.ts';
export { toBlocks } from './projections/blocks.ts';
export { escapeHtml } from './projections/escape-html.ts';
export { toHtml } from './projections/html.ts';
export { toMarkdown } from './projections/markdown.ts';
export { toText } from './projections/text.ts';
export { bodySchema, SCHEMA_VERSION } from './schema.ts';
export type {
  BodyDoc,
  BodyIssue,
  BodyIssueCode,
  BodyMark,
  BodyNode,
  BodyRefs,
  DeliveredLink,
  DeliveredMedia,
  DeliveredRendition,
} from './types.ts';
export { cleanHref, isExternal } from './url.ts';
