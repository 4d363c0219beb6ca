import { z } from 'zod';
import { BlockId, plainText, RecordId, SlotName } from '../attributes.ts';
import { EMBED_PROVIDER_NAMES, embedUrl, isEmbedRef } from '../embeds.ts';
import { BODY_LIMITS } from '../limits.ts';
import { escapeHtml, htmlLines } from '../projections/escape-html.ts';
import { escapeMarkdown, markdownUrl } from '../projections/escape-markdown.ts';
import { joinLines, prefixLines, withoutBlankLines } from '../projections/lines.ts';
import { blockRow } from './row.ts';

export const factBox = blockRow({
  content: 'block+',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, title: plainText(BODY_LIMITS.caption).default('') }),
  blocks: (node, at) => [
    {
      _type: 'factBox',
      _key: at.key,
      title: node.attrs.title,
      content: at.flow(node.content, { style: 'normal', list: null }),
    },
  ],
  html: (node, at) => {
    const title = node.attrs.title && `<p class="fact-box-title">${htmlLines(node.attrs.title)}</p>`;
    return `<aside class="fact-box">${title}${at.flow(node.content)}</aside>`;
  },
  markdown: (node, at) => {
    // Bold by tag: a title may begin or end with signs that would not let `**` close.
    const title = node.attrs.title && `<strong>${escapeMarkdown(node.attrs.title)}</strong>`;
    return prefixLines(joinLines([title, at.flow(node.content)], '\n\n'), '> ');
  },
  text: (node, at) => joinLines([withoutBlankLines(node.attrs.title), at.flow(node.content)], '\n\n'),
});

const Embed = z
  .strictObject({ id: BlockId, provider: z.enum(EMBED_PROVIDER_NAMES), ref: z.string().max(400) })
  .refine(({ provider, ref }) => isEmbedRef(provider, ref), {
    path: ['ref'],
    error: 'Must be an id of the form that this provider uses.',
  });

export const embed = blockRow({
  content: '',
  group: 'block',
  attrs: Embed,
  blocks: ({ attrs }, at) => [
    {
      _type: 'embed',
      _key: at.key,
      provider: attrs.provider,
      ref: attrs.ref,
      url: embedUrl(attrs.provider, attrs.ref),
    },
  ],
  // A link, not a frame: what runs inside a page is for the frontend to decide (and for its consent banner).
  html: ({ attrs }) => {
    const url = escapeHtml(embedUrl(attrs.provider, attrs.ref));
    const link = `<a href="${url}" rel="noopener">${url}</a>`;
    return `<figure class="embed" data-provider="${attrs.provider}" data-ref="${escapeHtml(attrs.ref)}">${link}</figure>`;
  },
  markdown: ({ attrs }) => {
    const url = embedUrl(attrs.provider, attrs.ref);
    return `[${escapeMarkdown(url)}](${markdownUrl(url)})`;
  },
  text: ({ attrs }) => embedUrl(attrs.provider, attrs.ref),
});

export const relatedArticle = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, article: RecordId }),
  blocks: ({ attrs }, at) => {
    const article = at.refs.articles.get(attrs.article);
    if (!article) return [];
    const { id, slug, url, headline } = article;
    return [{ _type: 'relatedArticle', _key: at.key, article: { id, slug, url, headline } }];
  },
  html: ({ attrs }, at) => {
    const article = at.refs.articles.get(attrs.article);
    if (!article) return '';
    const link = `<a href="${escapeHtml(article.url)}">${escapeHtml(article.headline)}</a>`;
    return `<aside class="related-article">${link}</aside>`;
  },
  markdown: ({ attrs }, at) => {
    const article = at.refs.articles.get(attrs.article);
    return article ? `[${escapeMarkdown(article.headline)}](${markdownUrl(article.url)})` : '';
  },
  // Another story's headline is not a word of this one.
  text: () => '',
});

export const adSlot = blockRow({
  content: '',
  group: 'slot',
  attrs: z.strictObject({ id: BlockId, slot: SlotName }),
  blocks: ({ attrs }, at) => [{ _type: 'adSlot', _key: at.key, slot: attrs.slot }],
  html: ({ attrs }) => `<div class="ad-slot" data-slot="${attrs.slot}"></div>`,
  markdown: () => '',
  text: () => '',
});

export const appealSlot = blockRow({
  content: '',
  group: 'slot',
  attrs: z.strictObject({ id: BlockId, placement: SlotName }),
  blocks: ({ attrs }, at) => [{ _type: 'appealSlot', _key: at.key, placement: attrs.placement }],
  html: ({ attrs }) => `<div class="appeal-slot" data-slot="${attrs.placement}"></div>`,
  markdown: () => '',
  text: () => '',
});
