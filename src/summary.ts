import { belowFloor } from './db/embedded/mongod-version.ts';
import type { DemoSignIns } from './features/demo/standing.ts';

export interface Facts {
  readonly publicUrl: string;
  readonly database: { readonly version: string; readonly place: string };
  /** Absolute. */
  readonly dataDir: string;
  /** Of the one-time link, while there is no admin yet. */
  readonly setupToken: string | null;
  /** Who signs in, where the database is a demo newsroom. */
  readonly demo: DemoSignIns | null;
  /** What the guard on outgoing requests lets through. */
  readonly outboundAllow: readonly string[];
  readonly tookMs: number;
}

const UNPATCHED = [
  'lacks security fixes that MongoDB 6.0.29, 7.0.34 and 8.0.23 have: it is for development on one machine.',
  'In production set MONGODB_URI, or MONGOD_BINARY to a newer mongod.',
];

/** What a person wants to know when the program has started. */
export function summaryOf({ publicUrl, database, dataDir, setupToken, demo, ...more }: Facts): string {
  const rows = [
    ['Editorial API', `${publicUrl}/editorial/v1`],
    ['Content API', `${publicUrl}/content/v1`],
    ['Reference', `${publicUrl}/docs`],
    ['Database', `MongoDB ${database.version}, ${database.place}`],
    ['Data', dataDir],
    ...(more.outboundAllow.length > 0
      ? [['Not guarded', `requests to ${more.outboundAllow.join(', ')}`]]
      : []),
  ];
  const width = Math.max(...rows.map(([label]) => label?.length ?? 0));
  return [
    '',
    `Copydesk is ready after ${(more.tookMs / 1000).toFixed(1)} s`,
    '',
    ...rows.map(([label, value]) => `  ${label?.padEnd(width)}   ${value}`),
    ...(setupToken === null
      ? []
      : [
          '',
          '  There is no admin yet. Make the first one here, once:',
          `  ${publicUrl}/admin/setup#${setupToken}`,
        ]),
    ...(demo === null ? [] : ['', ...demoLines(demo)]),
    ...(belowFloor(database.version) ? ['', `  MongoDB ${database.version} ${UNPATCHED.join('\n  ')}`] : []),
    '',
    '',
  ].join('\n');
}

/** Also what `copydesk seed` tells. */
export function demoLines({ people, password }: DemoSignIns): string[] {
  const widest = Math.max(...people.map(({ email }) => email.length));
  const longest = Math.max(...people.map(({ name }) => name.length));
  return [
    '  This is the demo newsroom. Sign in as one of',
    ...people.map(
      ({ email, name, ...who }) => `    ${email.padEnd(widest)}   ${name.padEnd(longest)}   ${roleOf(who)}`,
    ),
    `  with the password "${password}".`,
  ];
}

/** The role, and what somebody may sign for beside it. */
const roleOf = ({ role, duties }: Pick<DemoSignIns['people'][number], 'role' | 'duties'>): string =>
  duties.length === 0 ? role : `${role}, with the duties ${duties.join(' and ')}`;
