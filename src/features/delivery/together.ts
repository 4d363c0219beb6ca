import { byId } from '../../core/by-id.ts';
import { inOneTurn, onceInATurn } from '../../core/one-turn.ts';
import type { DeliveryDeps } from './delivery.service.ts';

type TogetherDeps = Pick<DeliveryDeps, 'published' | 'lookups' | 'translations' | 'site'>;

/**
 * What the answers to readers look up, asked once for all who ask in the same moment: of a hundred readers of a hundred
 * stories each round trip to the database is made once. Why, and what it brought: docs/decisions/0039.
 */
export const lookedUpTogether = ({ published, lookups, translations, site }: TogetherDeps) => ({
  stories: inOneTurn(
    async (slugs) => new Map((await published.shownAt(slugs)).map((story) => [story.slug, story])),
  ),
  links: inOneTurn(async (ids) => byId(await published.links(ids))),
  media: inOneTurn(lookups.media.resolve),
  alternates: inOneTurn(translations.alternatesOf),
  site: onceInATurn(site),
});
