import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestApp } from '../../support/app.ts';
import { CALLBACK, createBrowser } from '../../support/provider.ts';
import { send } from '../../support/raw.ts';
import { ENDED, led, type Newsroom, ORIGIN, openNewsroom, reporter } from '../../support/sign-on.ts';

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

/** Up to where the provider sends this browser back. */
async function halfway(browser = room.browser()) {
  const back = await browser.through(await browser.begin());
  return { browser, back };
}

describe('the answer of a provider', () => {
  beforeEach(() => {
    room.provider.next({ login: room.provider.knows('s-eve', reporter('eve')) });
  });

  it('is good once', async () => {
    const { browser, back } = await halfway();

    expect(led(await browser.visit(back.href))).toBe(ENDED);
    await room.expectRefused(await browser.visit(back.href), 'flow_over');
  });

  it('is good once of several at once, with the same cookie', async () => {
    const { browser, back } = await halfway();

    const answers = await Promise.all([1, 2, 3].map(() => browser.visit(back.href)));

    expect(answers.map(led).filter((to) => to === ENDED)).toHaveLength(1);
  });

  it('is good in the browser in which it began, and stays good there when another tries it', async () => {
    const { browser, back } = await halfway();
    const victim = room.browser();
    await victim.begin();

    await room.expectRefused(await victim.visit(back.href), 'flow_over');
    await room.expectRefused(await room.browser().visit(back.href), 'flow_over');
    expect(led(await browser.visit(back.href))).toBe(ENDED);
  });

  it('is good for ten minutes', async () => {
    const { browser, back } = await halfway();
    room.app.clock.advance(10 * 60_000 + 1);

    await room.expectRefused(await browser.visit(back.href), 'flow_over');
  });

  it('is over when the server’s secret was changed meanwhile', async () => {
    const { browser, back } = await halfway();
    await room.app.db.collection('signOnFlows').updateMany({}, { $set: { sealed: 'A'.repeat(80) } });

    await room.expectRefused(await browser.visit(back.href), 'flow_over');
  });

  it.each([
    ['state', 'flow_over'],
    ['nonce', 'not_proved'],
    ['code_challenge', 'not_proved'],
  ])('is refused when %s was another on the way there', async (name, reason) => {
    const browser = room.browser();
    const address = await browser.begin();
    address.searchParams.set(name, 'A'.repeat(43));

    await room.expectRefused(await browser.visit((await browser.through(address)).href), reason);
  });

  it.each<[string, (back: URLSearchParams) => void]>([
    ['of another issuer', (back) => back.set('iss', 'https://evil.example')],
    ['without an issuer, from one that gives it', (back) => back.delete('iss')],
    ['with a code that was made up', (back) => back.set('code', 'made-up')],
    ['without a code', (back) => back.delete('code')],
    ['with an ID token of its own', (back) => back.set('id_token', 'a.b.c')],
    ['with a signed response of its own', (back) => back.set('response', 'a.b.c')],
  ])('is refused %s', async (_name, change) => {
    const { browser, back } = await halfway();
    change(back.searchParams);

    await room.expectRefused(await browser.visit(back.href), 'not_proved');
  });

  it('is refused with the code of another sign-on', async () => {
    const [mine, other] = [await halfway(), await halfway()];
    mine.back.searchParams.set('code', other.back.searchParams.get('code') ?? '');

    await room.expectRefused(await mine.browser.visit(mine.back.href), 'not_proved');
  });

  it('is refused when its ID token is signed by a key that is not the provider’s', async () => {
    // What is known of the provider is asked for again after an hour, its keys too.
    room.app.clock.advance(3_600_001);
    const { browser, back } = await halfway();
    const restore = room.provider.publishOtherKeys();
    const answer = await browser.visit(back.href).finally(restore);
    room.app.clock.advance(3_600_001);

    await room.expectRefused(answer, 'not_proved');
  });

  it.each(['', '?code=x', '?state=a&state=b', `?state=${'a'.repeat(201)}`])(
    'is malformed without one state: "%s"',
    async (query) => {
      expect((await send(room.app, CALLBACK + query)).status).toBe(400);
    },
  );
});

describe('a provider that says no', () => {
  it.each([
    ['access_denied', 'access_denied'],
    ['temporarily_unavailable', 'provider_refused'],
  ])('%s is told as %s', async (error, reason) => {
    room.provider.next({ error });

    await room.expectRefused(await room.browser().come(), reason, error);
  });

  it('is believed only where the answer belongs to this browser', async () => {
    const forged = `${ORIGIN}${CALLBACK}?state=x&error=access_denied`;

    await room.expectRefused(await room.browser().visit(forged), 'flow_over');
  });

  it('is not repeated word by word', async () => {
    room.provider.next({ error: 'access_denied' });
    const { browser, back } = await halfway();
    back.searchParams.set('error', '<script>alert(1)</script>');
    back.searchParams.set('error_description', 'call 555-0100');

    await room.expectRefused(await browser.visit(back.href), 'provider_refused');
    expect(JSON.stringify(await room.refusals())).not.toMatch(/script|555/);
  });
});

describe('a provider that is away, or calls itself by another name', () => {
  it.each(['away', 'another name'])('leads back with a reason: %s', async (what) => {
    const OIDC_ISSUER =
      what === 'away' ? 'http://127.0.0.1:9' : room.provider.issuer.replace('127.0.0.1', 'localhost');
    const env = { ...room.provider.env, OIDC_ISSUER, OIDC_ROLES: 'newsdesk=editor', PUBLIC_URL: ORIGIN };
    const app = await createTestApp(env, { beside: room.app });
    const answer = await createBrowser(app, ORIGIN)
      .visit(`${ORIGIN}/editorial/v1/auth/oidc?returnTo=/admin`)
      .finally(() => app.close());

    await room.expectRefused(answer, 'provider_away');
  });

  it('is not there at all where none is configured', async () => {
    const app = await createTestApp({}, { beside: room.app });
    try {
      expect(await app.anonymous.editorial.signOn.methods()).toMatchObject({ singleSignOn: null });
      expect((await send(app, '/editorial/v1/auth/oidc')).status).toBe(404);
      expect((await send(app, `${CALLBACK}?state=x&code=y`)).status).toBe(404);
    } finally {
      await app.close();
    }
  });
});
