import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { linkIn, tokenIn } from '../support/mail.ts';
import { send, sendRaw } from '../support/raw.ts';
import { until } from '../support/records.ts';
import { signInPlainly } from '../support/sign-in.ts';
import { type MailServer, startMailServer } from '../support/smtp.ts';

/** Checks 11 and 12 of the security bar, from the request to the mail that a real server took. */

const DESK = 'https://desk.example.org';
const NEW = 'another sentence of mine, rather long';
let server: MailServer;
let app: TestApp;
beforeAll(async () => {
  server = await startMailServer();
  app = await createTestApp({ SMTP_URL: server.url, PUBLIC_URL: DESK });
  app.start('postman');
});
afterAll(async () => {
  await app.close();
  await server.stop();
});

const mailFor = async (to: string, count = 1) => {
  const theirs = () => server.mails.filter(({ headers }) => headers.to === to);
  await until(async () => theirs().length >= count, 20_000);
  return theirs()[count - 1] as (typeof server.mails)[number];
};
const post = (path: string, body: object | null, token?: string) =>
  send(app, `/editorial/v1${path}`, {
    method: 'POST',
    ...(token ? { token } : {}),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

it('S11, S12 a forgotten password is reset by a link to the configured address, whatever the request claims', async () => {
  const { email, token } = await app.person('author', 'forgetful');
  const ask = async (to: string) => {
    const body = JSON.stringify({ email: to });
    const evil = ['Host', 'X-Forwarded-Host', 'X-Host', 'X-Original-Host'].map(
      (name) => `${name}: evil.example`,
    );
    const head = [
      'POST /editorial/v1/auth/password-reset HTTP/1.1',
      ...evil,
      'Forwarded: host=evil.example;proto=http',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    return (await sendRaw(app, `${head.join('\r\n')}\r\n\r\n${body}`)).status;
  };

  expect([await ask('nobody@example.org'), await ask(email)]).toEqual([202, 202]);
  const mail = await mailFor(email);

  expect(linkIn(mail).startsWith(`${DESK}/admin/password-reset#`)).toBe(true);
  expect(JSON.stringify(mail)).not.toContain('evil.example');
  expect(server.mails.filter(({ headers }) => headers.to === 'nobody@example.org')).toEqual([]);
  expect((await post(`/auth/password-reset/${tokenIn(mail)}`, { password: NEW })).status).toBe(204);
  expect((await post('/auth/logout', null, token)).status).toBe(401);
  expect((await signInPlainly(app.anonymous, { email, password: NEW })).user.email).toBe(email);
  expect(linkIn(await mailFor(email, 2))).not.toContain('#');
});

it('an address changes by the links in the mails to both', async () => {
  const { email, token, client } = await app.person('author', 'mover');
  await post('/auth/email', { email: 'moved@example.org', password: PASSWORD }, token);

  for (const [to, status] of [
    [email, 'waiting'],
    ['moved@example.org', 'done'],
  ] as const) {
    const mail = await mailFor(to);
    expect(linkIn(mail).startsWith(`${DESK}/admin/email#`)).toBe(true);
    const answer = await post(`/auth/email-confirmation/${tokenIn(mail)}`, null);
    expect(await answer.json()).toMatchObject({ status });
  }

  expect((await client.editorial.auth.me()).user.email).toBe('moved@example.org');
  expect((await mailFor(email, 2)).text).toContain('moved@example.org');
});
