import type { z } from 'zod';
import type { Handlers } from '../../http/register.ts';
import { surrogateKeys } from '../articles/publication.ts';
import type { PublicVersion, RecordQueries } from '../articles/record.queries.ts';
import { cached, moved } from './caching.ts';
import type { DeliveryService } from './delivery.service.ts';
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
        { keys: surrogateKeys(found.story), modifiedAt: found.story.changedAt },
      );
    },
    corrections: async (_ctx, { query }) => {
      const { tag, section, ...pages } = query;
      const { records, page } = await record.corrections(await delivery.filed({ tag, section }), pages);
      const links = await delivery.links(records.map(({ article }) => String(article)));
      const data = records.flatMap(({ article, change, note, at }) => {
        const link = links.get(String(article));
        return link ? [{ change, note, at: at.toISOString(), article: link }] : [];
      });
      const named = [...(tag ? ['tags'] : []), ...(section ? ['sections'] : [])];
      const keys = ['corrections', ...named, ...records.map(({ article }) => `article-${article}`)];
      return cached({ data, page }, { keys });
    },
  };
}
