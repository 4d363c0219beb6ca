import type { z } from 'zod';
import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { PublicVersion, RecordQueries } from '../articles/record.queries.ts';
import { articleKey, linkKey } from '../articles/story-keys.ts';
import { ASK_AGAIN, cached, moved } from './caching.ts';
import type { DeliveryService } from './delivery.service.ts';
import { namesKeys } from './page-keys.ts';
import type { deliveredRecordRoutes } from './record.contract.ts';

type Routes = typeof deliveredRecordRoutes;
type Version = z.input<Routes['history']['response']>['data'][number];

/** A story that was published before it came here was public since then. What a minor change was stays with the desk. */
const presentVersion = ({ number, change, note, at, story }: PublicVersion): Version => ({
  number,
  change,
  note: change === null || change === 'minor' ? null : note,
  at: (change === null ? story.publishedAt : at).toISOString(),
});

/** The public record: what changed in stories that readers can see now, and nothing of the others. */
export function deliveredRecordHandlers({
  delivery,
  record,
}: {
  delivery: DeliveryService;
  record: RecordQueries;
}): Handlers<Routes> {
  return {
    history: async (_ctx, { params, query }) => {
      const found = await delivery.find(params.slug);
      if (!('story' in found)) return moved(found, (slug) => `/content/v1/articles/${slug}/history`);
      const { records, page } = await record.versions(found.story._id, query);
      return cached(
        { data: records.map(presentVersion), page },
        { keys: [articleKey(found.story._id)], modifiedAt: found.story.changedAt },
      );
    },
    corrections: async (_ctx, { query }) => {
      const { tag, section, ...pages } = query;
      const { filter, isWhole } = await delivery.filed({ tag, section });
      const { records, page } = await record.corrections(filter, pages);
      const links = await delivery.links(records.map(({ article }) => String(article)));
      const data = records.flatMap(({ article, change, note, at }) => {
        const link = links.get(String(article));
        return link ? [{ change, note, at: at.toISOString(), article: link }] : [];
      });
      if (!isWhole) return new Reply({ data, page }, { headers: ASK_AGAIN });
      const filed = tag || section ? ['corrections-filed'] : [];
      const keys = [
        'corrections',
        ...filed,
        ...namesKeys(filter),
        ...records.map(({ article }) => linkKey(article)),
      ];
      return cached({ data, page }, { keys });
    },
  };
}
