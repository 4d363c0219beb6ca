import { Command } from 'commander';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { api } from './api.ts';
import { reasonOf } from './complaint.ts';
import { type Config, loadConfig } from './config.ts';
import { systemClock } from './core/clock.ts';
import { claimDataDir, openDatabase } from './database.ts';
import { isMigrated, migrate } from './db/migrate.ts';
import { makeDemo } from './demo.ts';
import { loadEnvFile } from './env-file.ts';
import { createPublicationAudit } from './features/articles/publication-audit.ts';
import { type AuditService, createAuditService } from './features/audit/audit.service.ts';
import { headText, linesOf, parseHead } from './features/audit/verdict.ts';
import { standingDemo } from './features/demo/standing.ts';
import { openApiDocument } from './http/openapi.ts';
import { createLogger } from './logger.ts';
import { createOperator } from './operator.ts';
import { createServices } from './services.ts';
import { createShutdown } from './shutdown.ts';
import { settle } from './start.ts';
import { demoLines } from './summary.ts';
import { programVersion } from './version.ts';

/** What a command works with: the database that the server of this configuration would use. */
interface Desk {
  readonly config: Config & { readonly jwtSecret: string };
  readonly db: Connection;
  readonly log: Logger;
}

// `copydesk openapi | head` closes the pipe early: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const program = new Command('copydesk')
  .description(
    'Work on the newsroom of this configuration (.env and environment), beside its server or without one.',
  )
  .version(programVersion());

program
  .command('migrate')
  .description(
    'bring the database to the shape that this version needs; the server does so at its start as well',
  )
  .action(() =>
    withDesk(async ({ db, log }) => {
      const applied = await migrate(db, log);
      say(
        applied.length > 0
          ? `Applied: ${applied.join(', ')}`
          : 'Nothing to do: the database has every migration.',
      );
    }),
  );

program
  .command('seed')
  .description('fill an empty database with the demo newsroom, as a start with --demo does')
  .action(() =>
    withDesk(async ({ config, db, log }) => {
      await migrate(db, log);
      const services = createServices({ config, db, clock: systemClock, publicUrl: publicUrlOf(config) });
      const made = await makeDemo({ db, services, config, log });
      const demo = await standingDemo(db);
      if (!made && !demo) say('Nothing was made: the database is not empty.');
      if (demo) say(demoLines(demo).join('\n'));
    }),
  );

program
  .command('openapi')
  .description('print the OpenAPI 3.1 document')
  .action(() => {
    const server = { version: programVersion(), publicUrl: publicUrlOf(configured()) };
    say(JSON.stringify(openApiDocument(api, server), null, 2));
  });

const audit = program.command('audit').description('prove that the audit log is as it was written');

audit
  .command('verify')
  .description(
    'walk the whole chain; ends with 1 and the first broken number when a row was changed, removed or moved',
  )
  .option('--head <number:hash>', 'a head that was kept elsewhere: what came before it must still be there')
  .action(({ head }: { head?: string }) =>
    withDesk(async (desk) => {
      const verdict = await (await auditOf(desk)).verify(head === undefined ? undefined : parseHead(head));
      say(linesOf(verdict).join('\n'));
      return verdict.fault ? 1 : 0;
    }),
  );

audit
  .command('head')
  .description(
    'print number and hash of the last row, to be kept where nobody who runs the database can change it',
  )
  .action(() =>
    withDesk(async (desk) => {
      const head = await (await auditOf(desk)).head();
      if (!head) throw new Error('There is no head: run "audit verify".');
      say(headText(head));
    }),
  );

program
  .command('publications')
  .description('prove that what was published is as it was published')
  .command('verify')
  .description(
    'follow the hashes of every story; ends with 1 and the broken versions when one was changed or removed',
  )
  .action(() =>
    withDesk(async ({ db }) => {
      await requireMigrated(db);
      const { stories, publications, faults } = await createPublicationAudit({ db })();
      for (const { article, number, fault } of faults) say(`Story ${article}, version ${number}: ${fault}.`);
      say(`${publications} published versions of ${stories} stories, ${faults.length} broken.`);
      return faults.length > 0 ? 1 : 0;
    }),
  );

const user = program
  .command('user')
  .description('help somebody whom no admin can help, such as the only admin; audited');

user
  .command('reset-factors <e-mail>')
  .description('take all second factors of this account away, and sign it out everywhere')
  .action((email: string) => asOperator(({ resetFactors }) => resetFactors(email)));

user
  .command('reset-password <e-mail>')
  .description('print a link, good once for an hour, by which the person sets a new password')
  .action((email: string) => asOperator(({ resetPassword }) => resetPassword(email)));

/** Does one thing for somebody and says what was done. */
function asOperator(act: (operator: ReturnType<typeof createOperator>) => Promise<string[]>): Promise<void> {
  return withDesk(async ({ config, db }) => {
    await requireMigrated(db);
    const publicUrl = publicUrlOf(config);
    const services = createServices({ config, db, clock: systemClock, publicUrl });
    say((await act(createOperator(services, publicUrl))).join('\n'));
    return 0;
  });
}

async function requireMigrated(db: Connection): Promise<void> {
  if (!(await isMigrated(db))) throw new Error('The database is of another version. Run "migrate" first.');
}

async function auditOf({ db }: Desk): Promise<AuditService> {
  await requireMigrated(db);
  return createAuditService({ db });
}

/** Opens the database as the server does, and closes it in order, however `work` ends: with the exit code that it answers. */
async function withDesk(work: (desk: Desk) => Promise<number | undefined>): Promise<void> {
  const given = configured();
  const log = createLogger(given.logLevel === 'info' ? 'warn' : given.logLevel);
  const exit = (code: number): never => process.exit(code);
  const shutdown = createShutdown({ log, starting: () => running, exit });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.begin(signal, 1));
  const running = (async () => {
    const config = await settle(given);
    await claimDataDir({ config, shutdown });
    const { db } = await openDatabase({ config, log, shutdown });
    shutdown.signal.throwIfAborted();
    return (await work({ config, db, log })) ?? 0;
  })();
  await running.then(
    (code) => shutdown.begin('done', code),
    (error: unknown) => {
      complain(error);
      shutdown.begin('failed', 1);
    },
  );
}

const publicUrlOf = ({ publicUrl, port }: Config): string => publicUrl ?? `http://localhost:${port}`;

function configured(): Config {
  loadEnvFile();
  return loadConfig(process.env);
}

function complain(error: unknown): void {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}

await program.parseAsync().catch(complain);
