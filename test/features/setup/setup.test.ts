import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type TestApp } from '../../support/app.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp({ SITE_NAME: 'The <Harbour> Times' });
});
afterEach(() => app.close());

const ada = { name: 'Ada Byrne', email: 'Ada@Example.org', password: PASSWORD };
const setUp = (body: object = {}) =>
  app.anonymous.editorial.setup.complete({ body: { token: app.services.setup.token, ...ada, ...body } });
const admins = () => app.db.collection('users').countDocuments({ role: 'admin' });
const page = (path = '') => fetch(`${app.url}/admin/setup${path}`);

describe('making the first admin by the printed link', () => {
  it('signs the new admin in, with the refresh token in a cookie', async () => {
    const answer = await fetch(`${app.url}/editorial/v1/auth/setup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: app.services.setup.token, ...ada }),
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toMatch(/^copydesk=.+HttpOnly.+SameSite=Strict/);
    const { user, accessToken } = (await answer.json()) as { user: object; accessToken: string };
    expect(user).toMatchObject({ name: 'Ada Byrne', email: 'ada@example.org', role: 'admin', active: true });
    const me = await fetch(`${app.url}/editorial/v1/auth/me`, {
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    expect(me.status).toBe(200);
    const signedIn = await signInPlainly(app.anonymous, { email: ada.email, password: PASSWORD });
    expect(signedIn.user.role).toBe('admin');
  });

  it('S13: happens exactly once, also when 20 requests race', async () => {
    const race = Array.from({ length: 20 }, (_, number) => setUp({ email: `admin${number}@example.org` }));

    const outcomes = await Promise.allSettled(race);

    const refusals = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason.status);
    expect(refusals).toEqual(Array.from({ length: 19 }, () => 403));
    expect(await admins()).toBe(1);
    await expect(setUp({ email: 'late@example.org' })).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect(await admins()).toBe(1);
  });

  it('is recorded in the audit log as an act of the set-up', async () => {
    const { user } = await setUp();

    const row = await app.db.collection('audit').findOne({ action: 'user.create' });
    expect(row).toMatchObject({
      actor: { kind: 'system', name: 'setup' },
      target: { kind: 'user', id: user.id },
    });
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
    expect(JSON.stringify(row)).not.toContain(app.services.setup.token);
  });

  it('is refused with a wrong token', async () => {
    await expect(setUp({ token: 'x'.repeat(43) })).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect(await admins()).toBe(0);
  });

  it('tells all that is wrong with the input, and the link stays good', async () => {
    await expect(setUp({ name: '', email: 'nope', password: 'short' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/name' }, { pointer: '/email' }, { pointer: '/password' }] },
    });
    await expect(setUp({ password: 'passwordpassword' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/password', code: 'password_refused' }] },
    });

    expect((await setUp()).user.role).toBe('admin');
  });

  it('is refused once an admin was made in another way', async () => {
    await app.person('admin');

    await expect(setUp()).rejects.toMatchObject({ status: 403 });
  });
});

describe('making the first admin from the environment', () => {
  it('happens while there is none, and never again', async () => {
    const { ensureFirstAdmin } = app.services.setup;

    expect(await ensureFirstAdmin({ email: 'desk@example.org', password: PASSWORD })).toBe(true);
    expect(await ensureFirstAdmin({ email: 'other@example.org', password: PASSWORD })).toBe(false);

    expect(await admins()).toBe(1);
    const { user } = await signInPlainly(app.anonymous, { email: 'desk@example.org', password: PASSWORD });
    expect(user.role).toBe('admin');
  });

  it('happens once when several processes start at the same time', async () => {
    const { ensureFirstAdmin } = app.services.setup;

    const made = await Promise.all(
      [1, 2, 3, 4].map((number) => ensureFirstAdmin({ email: `a${number}@example.org`, password: PASSWORD })),
    );

    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await admins()).toBe(1);
  });
});

describe('the set-up page', () => {
  it('has one form under a policy that allows nothing inline, and is kept by no cache', async () => {
    const answer = await page();

    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
    const html = await answer.text();
    expect(html).toContain('The &lt;Harbour&gt; Times');
    expect(html.match(/<form /g)).toHaveLength(1);
    expect(html).not.toMatch(/<script>|<style>| style=| on\w+=/);
    expect(html).not.toContain(app.services.setup.token);
  });

  it('refers only to files that this server has', async () => {
    const html = await (await page()).text();
    const files = [...html.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map((match) => match[1]);

    const answers = await Promise.all(files.map((file) => fetch(app.url + file)));

    expect(files).toEqual(
      expect.arrayContaining(['/admin/pages/pages.css', '/admin/pages/setup.js', '/docs']),
    );
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200));
  });

  it('says so when there is an admin already', async () => {
    await setUp();

    const html = await (await page()).text();

    expect(html).toContain('Set up already');
    expect(html).not.toContain('<form');
  });
});
