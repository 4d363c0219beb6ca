import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { parse } from 'parse5';
import { systemContext } from '../../../src/core/context.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import type { Letter } from '../../../src/features/mail/letters.ts';
import { mailsOf } from '../../../src/features/mail/mail.model.ts';
import { WORDS } from '../../../src/features/mail/words.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { linkIn, mailsTo, mailTo } from '../../support/mail.ts';
import { auditOf, until } from '../../support/records.ts';
import { type MailServer, startMailServer } from '../../support/smtp.ts';

const PUBLIC_URL = 'https://desk.example.org';
const NAUGHTY = 'Eve <b onclick="x()">\r\nBcc: all@example.org\u2028"O\'Hara" & {{x}} \u202Eevil';

let server: MailServer;
let app: TestApp;
beforeAll(async () => {
  server = await startMailServer();
  app = await createTestApp({
    SMTP_URL: server.url,
    PUBLIC_URL,
    SITE_NAME: 'The <Harbour> & "Quay"',
    MAIL_FROM: 'The Desk <desk@example.org>',
  });
  app.start('postman');
});
afterAll(async () => {
  await app.close();
  await server.stop();
});
beforeEach(() => {
  server.mails.length = 0;
});

let letters = 0;
/** Queues a letter as a verb does. */
async function post(letter: Letter, { db, services } = app): Promise<string> {
  letters += 1;
  const key = `test:${letters}`;
  await inTransaction(db, systemContext('mail', 'test'), (tx) => services.mail.post(tx, key, letter));
  return key;
}

/** A link to somebody's account. */
const linkFor = (purpose: 'invitation' | 'email_confirmation' | 'email_approval', to: string) =>
  inTransaction(app.db, systemContext('mail', 'test'), (tx) =>
    app.services.links.issue(tx, { purpose, user: new Types.ObjectId(), email: to }),
  );

const changed = (to: string, name = 'Ada'): Letter => ({ kind: 'password_changed', to, name });
const recordOf = (key: string, { db } = app) => mailsOf(db).findOne({ _id: key });
const becomes = (key: string, status: string, of = app) =>
  until(async () => (await recordOf(key, of))?.status === status, 15_000);
/** What waits to be tried again is due now. */
const hurry = ({ db } = app) =>
  db.collection('mails').updateMany({ status: 'queued' }, { $set: { dueAt: new Date(0) } });

/** One letter of each kind, with text as hostile as its fields allow. */
async function oneOfEach(to: string): Promise<readonly Letter[]> {
  const common = { to, name: NAUGHTY };
  return [
    { kind: 'invitation', ...common, invitedBy: NAUGHTY, link: await linkFor('invitation', to) },
    { kind: 'password_reset_request', to },
    { kind: 'password_changed', ...common },
    {
      kind: 'email_confirmation',
      ...common,
      newEmail: 'new@example.org',
      link: await linkFor('email_confirmation', to),
    },
    {
      kind: 'email_approval',
      ...common,
      newEmail: 'new@example.org',
      link: await linkFor('email_approval', to),
    },
    { kind: 'email_changed', ...common, newEmail: 'new@example.org' },
    { kind: 'second_factor_added', ...common, what: NAUGHTY },
    { kind: 'second_factor_removed', ...common, what: NAUGHTY },
    { kind: 'second_factor_reset', ...common, by: NAUGHTY },
    { kind: 'recovery_code_used', ...common, left: 1 },
  ];
}

describe('a letter', () => {
  it('is sent once, in plain text and in HTML, with its link in both', async () => {
    const to = 'ada@example.org';
    const link = await linkFor('invitation', to);
    const key = await post({ kind: 'invitation', to, name: 'Ada Quill', invitedBy: 'Ines', link });
    await becomes(key, 'sent');

    const [mail, ...more] = server.mails;

    expect(more).toEqual([]);
    expect(mail?.headers).toMatchObject({
      from: 'The Desk <desk@example.org>',
      to,
      subject: 'Your invitation to The <Harbour> & "Quay"',
      'auto-submitted': 'auto-generated',
    });
    expect(mail && linkIn(mail)).toBe(`${PUBLIC_URL}/admin/invitation#${app.services.links.tokenOf(link)}`);
    expect(mail?.html).toContain(`href="${mail && linkIn(mail)}"`);
    expect(mail?.text).toContain('Hello Ada Quill,\n\nInes invites you');
    expect(await recordOf(key)).toMatchObject({ tries: 1, error: null, expiresAt: expect.any(Date) });
  });

  it('of the same key is queued once, and not again when it was sent', async () => {
    const key = await post(changed('once@example.org'));
    await becomes(key, 'sent');
    letters -= 1;
    await post(changed('once@example.org'));

    expect(await recordOf(key)).toMatchObject({ status: 'sent' });
    expect(server.mails).toHaveLength(1);
  });

  it('is not queued when its transaction fails', async () => {
    const work = inTransaction(app.db, systemContext('mail', 'test'), async (tx) => {
      await app.services.mail.post(tx, 'test:none', changed('none@example.org'));
      throw new Error('the act failed');
    });

    await expect(work).rejects.toThrow('the act failed');
    expect(await recordOf('test:none')).toBeNull();
  });

  it('whose link is over by then is not sent', async () => {
    const to = 'late@example.org';
    const link = await linkFor('invitation', to);
    await inTransaction(app.db, systemContext('mail', 'test'), (tx) =>
      app.services.links.use(tx, app.services.links.tokenOf(link), 'invitation'),
    );
    const key = await post({ kind: 'invitation', to, name: 'Late', invitedBy: 'Ines', link });
    await becomes(key, 'dropped');

    expect(server.mails).toEqual([]);
  });

  it('about a new password is sent to whom has an account, and to nobody else', async () => {
    const { email } = await app.person('author', 'forgetful');
    const known = await post({ kind: 'password_reset_request', to: email });
    const unknown = await post({ kind: 'password_reset_request', to: 'nobody@example.org' });
    await becomes(known, 'sent');
    await becomes(unknown, 'dropped');

    expect(server.mails.map(({ headers }) => headers.to)).toEqual([email]);
    expect(server.mails[0] && linkIn(server.mails[0])).toMatch(
      /\/admin\/password-reset#[0-9a-f]{24}[\w-]{43}$/,
    );
    expect(server.mails[0]?.text).toContain('Hello forgetful author,');
  });

  it('leaves no secret in the database', async () => {
    const { email } = await app.person('author', 'careful');
    await becomes(await post({ kind: 'password_reset_request', to: email }), 'sent');
    const token = linkIn(server.mails[0] ?? { headers: {}, text: '', html: '' }).split('#')[1] ?? '';
    const collections = await app.db.listCollections();

    expect(token).toHaveLength(67);
    for (const { name } of collections) {
      const stored = JSON.stringify(await app.db.collection(name).find({}).toArray());
      expect(stored).not.toContain(token.slice(24));
    }
  });
});

describe('S54, S60 text that people made', () => {
  it('starts no header, no paragraph and no element, in any kind of letter', async () => {
    const { email: to } = await app.person('author', 'target');
    const all = await oneOfEach(to);
    for (const letter of all) await post(letter);
    await until(async () => server.mails.length === all.length, 20_000);

    expect(all.map(({ kind }) => kind).sort()).toEqual(Object.keys(WORDS).sort());
    for (const { headers, text, html } of server.mails) {
      expect(Object.keys(headers)).not.toContain('bcc');
      expect(text).not.toMatch(/^Bcc:|\u2028|\u202E/m);
      expect(new Set(elementsOf(html))).toEqual(
        new Set([
          'head',
          'html',
          'meta',
          'title',
          'body',
          'p',
          ...(linkIn({ headers, text, html }) ? ['a', 'strong', 'br'] : []),
        ]),
      );
      expect(html).not.toMatch(/<b |\u2028|\u202E/i);
    }
  });

  it('cannot add a recipient', async () => {
    await becomes(await post(changed('"a, b@example.org" <c@example.org>')), 'failed').catch(() => undefined);

    expect(server.mails.flatMap(({ headers }) => headers.to)).not.toContain('b@example.org');
  });
});

describe('a mail server', () => {
  it('that is down gets every letter when it is back, once each', async () => {
    const { port } = server;
    await server.stop();
    const keys = await Promise.all(['x', 'y', 'z'].map((name) => post(changed(`${name}@example.org`))));
    await until(async () => (await recordOf(keys[0] ?? ''))?.error != null, 15_000);
    server = await startMailServer(port);
    await hurry();
    for (const key of keys) await becomes(key, 'sent');

    expect(server.mails.map(({ headers }) => headers.to).sort()).toEqual(
      ['x', 'y', 'z'].map((name) => `${name}@example.org`),
    );
    expect((await recordOf(keys[0] ?? ''))?.tries).toBeGreaterThan(1);
  });

  it('that turns a recipient away for good is not asked again, and admins can see it', async () => {
    server.refused.set('gone@example.org', 550);
    const key = await post(changed('gone@example.org'));
    await becomes(key, 'failed');

    expect(await recordOf(key)).toMatchObject({ tries: 1, error: expect.stringContaining('550') });
    expect(await auditOf(app, 'mail', key)).toMatchObject([
      { action: 'mail.fail', after: { kind: 'password_changed', to: 'gone@example.org', tries: 1 } },
    ]);
  });

  it('that puts a letter off is asked again, and in the end no more', async () => {
    server.refused.set('busy@example.org', 451);
    const key = await post(changed('busy@example.org'));
    const failure = expect.stringContaining('451');
    await until(async () => (await recordOf(key))?.error != null, 15_000);
    expect(await recordOf(key)).toMatchObject({ status: 'queued', tries: 1, error: failure });

    await mailsOf(app.db).updateOne({ _id: key }, { $set: { tries: 9 } });
    await hurry();
    await becomes(key, 'failed');
    expect(await recordOf(key)).toMatchObject({ tries: 10, error: failure });
    expect(await auditOf(app, 'mail', key)).toHaveLength(1);
  });
});

describe('without a mail server', () => {
  it('letters are files that only their owner reads, from an address made of site and host', async () => {
    const plain = await createTestApp({ SITE_NAME: 'The Quay', PUBLIC_URL });
    plain.start('postman');
    await becomes(await post(changed('ada@example.org'), plain), 'sent', plain);
    const directory = join(plain.config.dataDir, 'mail');
    const files = await readdir(directory);
    const mail = await mailTo(plain, 'ada@example.org');
    const modes = await Promise.all(
      [directory, ...files.map((file) => join(directory, file))].map((path) => stat(path)),
    );

    expect(await mailsTo(plain, 'ada@example.org')).toHaveLength(1);
    expect(mail.headers.from).toBe('The Quay <copydesk@desk.example.org>');
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
    await plain.close();
  });
});

/** The names of all elements of a document, as a browser reads it. */
function elementsOf(html: string): string[] {
  type Node = { readonly nodeName: string; readonly childNodes?: readonly Node[] };
  const namesIn = ({ nodeName, childNodes = [] }: Node): string[] => [
    nodeName,
    ...childNodes.flatMap(namesIn),
  ];
  return namesIn(parse(html) as unknown as Node).filter((name) => !name.startsWith('#'));
}
