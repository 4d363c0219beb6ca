import type { Bench } from './support/bench.ts';
import { besideBareTransaction } from './support/verb.ts';

export const save: Bench = {
  what: 'Saving a story (working copy, revision, audit row), beside one transaction of the bare driver that writes the same three documents and looks at nothing.',
  run: (options) =>
    besideBareTransaction(
      {
        name: 'save',
        collections: ['articles', 'revisions', 'audit'],
        least: 0.5,
        act: ({ services, editor }, { _id, version }) =>
          services.articles.change(editor, String(_id), version, { kicker: 'Floods' }),
      },
      options,
    ),
};
