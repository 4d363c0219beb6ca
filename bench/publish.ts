import type { Bench } from './support/bench.ts';
import { besideBareTransaction } from './support/verb.ts';

export const publish: Bench = {
  what: 'Publishing a draft (working copy, published version, publication, slug, event, revision, audit row), beside one transaction of the bare driver that writes the same seven documents and looks at nothing.',
  run: (options) =>
    besideBareTransaction(
      {
        name: 'publish',
        collections: ['articles', 'published', 'slugs', 'publications', 'outbox', 'revisions', 'audit'],
        least: 0.5,
        act: ({ services, editor }, { _id, version }) =>
          services.articles.publish(editor, String(_id), version, {} as never),
      },
      options,
    ),
};
