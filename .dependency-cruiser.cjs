/**
 * Who may import whom: the table of docs/ARCHITECTURE.md as rules. `npm run layers` compiles into .cache/layers and
 * holds that to them, so what counts is what is imported at run time; imports of types are gone by then.
 */

const ROOT = '^\\.cache/layers/';
const at = (path) => `${ROOT}${path}`;

const EXPRESS = '^node_modules/(express|cors|helmet|multer|pino-http)/';
const MONGO = '^node_modules/(mongoose|mongodb|migrate-mongo)/';
const CONTRACT = at('(contract/|features/[^/]+/[^/]+\\.contract\\.js$)');
const feature = (role) => at(`features/[^/]+/[^/]+\\.${role}\\.js$`);

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { path: from }, to });

module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle hides an order.', ROOT, { circular: true }),
    rule(
      'contracts-are-data',
      'The browser reads them through the client: zod, contracts, the schema and pure tables.',
      [CONTRACT, at('api\\.js$')],
      {
        pathNot: [
          CONTRACT,
          at('schema/'),
          at('core/'),
          at('features/[^/]+/workflow\\.js$'),
          '^node_modules/zod/',
        ],
      },
    ),
    rule(
      'pure-code-is-pure',
      'No Express, no database, no Node, no verbs.',
      [at('core/'), at('features/[^/]+/(workflow|[^/]+\\.policy)\\.js$')],
      {
        path: [EXPRESS, MONGO, at('(db|http)/'), feature('(service|model|queries|handlers)')],
      },
    ),
    rule('schema-stands-alone', 'Server, editor and importers share it.', at('schema/'), {
      pathNot: [at('schema/'), '^node_modules/(zod|prosemirror-[^/]+|@tiptap/pm)/'],
    }),
    rule('db-knows-no-feature', 'Nor HTTP.', at('db/'), { path: [EXPRESS, at('(features|http)/')] }),
    rule('http-knows-no-feature', 'It gets the API as an argument, and no database.', at('http/'), {
      path: [MONGO, at('(features|db)/')],
    }),
    rule(
      'http-alone-knows-express',
      'Features speak the contract.',
      at('(features|contract|core|db|schema|client)/'),
      { path: EXPRESS },
    ),
    rule('models-are-storage', 'They know no verbs and no HTTP.', feature('(model|queries)'), {
      path: [feature('(service|handlers|presenter)'), at('http/')],
    }),
    rule(
      'verbs-know-no-http',
      'HTTP is a translation; the command line and jobs call the same verbs.',
      feature('service'),
      { path: [feature('handlers'), at('http/')] },
    ),
    rule('presenters-are-pure', 'Record in, contract out.', feature('presenter'), {
      path: [MONGO, feature('(service|model|queries)'), at('db/')],
    }),
    rule('handlers-translate', 'One line a route: no model, no database.', feature('handlers'), {
      path: [MONGO, feature('(service|model|queries)'), at('db/')],
    }),
    {
      name: 'features-are-islands',
      comment:
        'Verbs and records of another feature are handed in by services.ts; contracts, presenters and queries are shared.',
      severity: 'error',
      from: { path: at('features/([^/]+)/') },
      to: { path: feature('(service|model|handlers)'), pathNot: at('features/$1/') },
    },
    rule(
      'client-is-for-browsers',
      'It reads the API as data and nothing else of the server.',
      at('client/'),
      { pathNot: [at('(client|contract)/'), at('api\\.js$')] },
    ),
    rule(
      'joints-are-the-top',
      'Nothing below imports what joins it.',
      at('(contract|core|db|http|schema|features|client)/'),
      { path: at('[^/]+\\.js$'), pathNot: at('(api|config)\\.js$') },
    ),
    rule(
      'browsers-have-no-node',
      'Contracts, schema and client run there.',
      [CONTRACT, at('(schema|client)/'), at('api\\.js$')],
      { dependencyTypes: ['core'] },
    ),
    rule(
      'migrations-are-self-contained',
      'A later change of the code must not change what a migration did.',
      at('migrations/'),
      { path: ROOT },
    ),
    rule('no-unresolved', 'It would fail at run time.', ROOT, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'acorn',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
