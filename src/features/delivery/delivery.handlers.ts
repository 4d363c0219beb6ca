import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { surrogateKeys } from '../articles/publication.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { OpenPreview } from '../previews/opening.ts';
import { ASK_AGAIN, cached, movedTo, secret } from './caching.ts';
import type { DeliveryQuery, deliveredArticlesRoutes } from './delivery.contract.ts';
import {
  bodyReferences,
  lastModified,
  onlyFields,
  presentDelivered,
  presentListed,
} from './delivery.presenter.ts';
import type { DeliveryService } from './delivery.service.ts';
import { asShown } from './preview.ts';

const keysOf = (stories: readonly PublishedRecord[]): string[] => stories.flatMap(surrogateKeys);

/** Stories that others name in their bodies. */
const related = (stories: readonly PublishedRecord[], withBody: boolean): string[] =>
  withBody ? bodyReferences(stories).articles.map((id) => `article-${id}`) : [];

/** A list changes with what is in it, and with what the names in its question stand for. */
const listKeys = ({ tag, section, author }: DeliveryQuery): string[] => [
  'articles',
  ...(tag ? ['tags'] : []),
  ...(section ? ['sections'] : []),
  ...(author ? ['authors'] : []),
];

export const deliveredArticlesHandlers = ({
  delivery,
  openPreview,
}: {
  delivery: DeliveryService;
  openPreview: OpenPreview;
}): Handlers<typeof deliveredArticlesRoutes> => ({
  list: async (_ctx, { query }) => {
    const { records, page } = await delivery.list(query);
    const withBody = query.include?.includes('body') ?? false;
    const embedded = await delivery.embed(records, withBody);
    const present = (story: PublishedRecord) =>
      withBody ? presentDelivered(story, embedded, 'blocks') : presentListed(story, embedded);
    const data = records.map((story) => onlyFields(present(story), query.fields));
    if (query.q !== undefined) return new Reply({ data, page }, { headers: ASK_AGAIN });
    const facts = {
      modifiedAt: lastModified(records, embedded),
      keys: [...listKeys(query), ...keysOf(records), ...related(records, withBody)],
    };
    return cached({ data, page }, facts);
  },
  read: async (ctx, { params, query, headers }) => {
    const token = headers.previewToken ?? query.preview;
    if (token !== undefined) {
      const story = asShown(await openPreview(ctx, token, params.slug));
      const embedded = await delivery.embed([story], true, { unseen: true });
      return secret(presentDelivered(story, embedded, query.format));
    }
    const found = await delivery.find(params.slug);
    if ('movedTo' in found) {
      const format = query.format === 'blocks' ? '' : `?format=${query.format}`;
      return movedTo(`/content/v1/articles/${found.movedTo}${format}`);
    }
    const embedded = await delivery.embed([found.story], true);
    // A related story that vanishes moves no date of this one.
    const others = related([found.story], true);
    const dated = !found.story.hasTwin && others.length === 0;
    const keys = [...keysOf([found.story]), ...others];
    const modifiedAt = lastModified([found.story], embedded);
    const facts = { modifiedAt, keys, dated, vary: 'Preview-Token' };
    return cached(presentDelivered(found.story, embedded, query.format), facts);
  },
});
