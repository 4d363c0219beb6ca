import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let admin: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp({ SITE_NAME: 'The Harbour Post' });
  admin = (await app.as('admin')).editorial;
});
beforeEach(async () => {
  await app.db.collection('settings').deleteMany({});
});
afterAll(() => app.close());

const change = (ifMatch: number, body: object) => admin.settings.change({ ifMatch, body });

describe('reading the settings', () => {
  it('gives the defaults as version 0 while nobody has changed one', async () => {
    expect(await admin.settings.read()).toEqual({
      version: 0,
      modifiedAt: null,
      security: { secondFactorRoles: [], contentNeedsKey: false },
      site: { name: 'The Harbour Post', tagline: '', language: 'en', timeZone: 'UTC' },
      publishing: {
        articlePath: '/articles/{slug}',
        previewUrl: null,
        correctionsPolicyUrl: null,
        checks: {},
        signOffs: {},
      },
      revisions: { keepAllDays: null },
      comments: { defaultMode: 'open' },
      bin: { retentionDays: 0 },
    });
  });

  it('carries the version as ETag and is never stored', async () => {
    const { token } = await app.person('admin');

    const answer = await fetch(`${app.url}/editorial/v1/settings`, {
      headers: { authorization: `Bearer ${token}` },
    });

    expect(answer.headers.get('etag')).toBe('"0"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['editor', 'author', 'moderator'] as const)('is refused to the role %s', async (role) => {
    const { editorial } = await app.as(role);

    await expect(editorial.settings.read()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(editorial.settings.change({ ifMatch: 0, body: {} })).rejects.toMatchObject({ status: 403 });
  });

  it('keeps a default that was never set, so that a new one takes effect', async () => {
    await change(0, { site: { tagline: 'Since 1887' } });

    const stored = await app.db.collection('settings').findOne({ _id: 'site' } as never);

    expect(stored).toMatchObject({ version: 1, values: { site: { tagline: 'Since 1887' } } });
    expect(stored?.values).not.toHaveProperty('site.name');
  });
});

describe('changing the settings', () => {
  it('changes what is named and leaves the rest', async () => {
    await change(0, { site: { name: 'The Evening Bell', timeZone: 'Europe/Dublin' } });

    const changed = await change(1, {
      site: { tagline: 'At six' },
      comments: { defaultMode: 'premoderated' },
    });

    expect(changed).toMatchObject({
      version: 2,
      site: { name: 'The Evening Bell', tagline: 'At six', language: 'en', timeZone: 'Europe/Dublin' },
      comments: { defaultMode: 'premoderated' },
      modifiedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await admin.settings.read()).toEqual(changed);
    expect(await app.services.settings.current()).toMatchObject({ site: { name: 'The Evening Bell' } });
  });

  it('takes null where a policy is withdrawn', async () => {
    await change(0, { publishing: { correctionsPolicyUrl: 'https://example.org/corrections' } });

    const changed = await change(1, { publishing: { correctionsPolicyUrl: null } });

    expect(changed.publishing.correctionsPolicyUrl).toBeNull();
  });

  it('refuses a stale version and shows the current settings', async () => {
    const current = await change(0, { site: { tagline: 'First' } });

    await expect(change(0, { site: { tagline: 'Second' } })).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { current },
    });
  });

  it('asks for If-Match', async () => {
    const { token } = await app.person('admin');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

    const answer = await fetch(`${app.url}/editorial/v1/settings`, { method: 'PATCH', headers, body: '{}' });

    expect([answer.status, await answer.json()]).toMatchObject([428, { code: 'precondition_required' }]);
  });

  it('lets one of many first changes through', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Paper ${index}`);

    const outcomes = await Promise.allSettled(names.map((name) => change(0, { site: { name } })));

    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refusals.map(({ code }) => code)).toEqual(Array(11).fill('stale_version'));
    expect(await app.db.collection('settings').countDocuments()).toBe(1);
    expect((await admin.settings.read()).version).toBe(1);
  });

  it.each([
    ['an unknown group', { theme: {} }, '/theme'],
    ['an unknown setting', { site: { motto: 'x' } }, '/site/motto'],
    ['an empty name', { site: { name: ' ' } }, '/site/name'],
    ['a time zone that is none', { site: { timeZone: 'Mars/Olympus' } }, '/site/timeZone'],
    ['an offset for a time zone', { site: { timeZone: '+01:00' } }, '/site/timeZone'],
    ['a language that is none', { site: { language: 'English' } }, '/site/language'],
    [
      'a preview page without the token',
      { publishing: { previewUrl: 'https://a.example/{slug}' } },
      '/publishing/previewUrl',
    ],
    [
      'a preview page on a host made of the slug',
      { publishing: { previewUrl: 'https://{slug}.example/{token}' } },
      '/publishing/previewUrl',
    ],
    ['a path without the slug', { publishing: { articlePath: '/articles' } }, '/publishing/articlePath'],
    [
      'a policy address that runs code',
      { publishing: { correctionsPolicyUrl: 'javascript:alert(1)' } },
      '/publishing/correctionsPolicyUrl',
    ],
    ['a comment mode that is none', { comments: { defaultMode: 'sometimes' } }, '/comments/defaultMode'],
  ])('refuses %s', async (_what, body, pointer) => {
    await expect(change(0, body)).rejects.toMatchObject({
      status: 422,
      problem: { code: 'invalid_input', errors: [expect.objectContaining({ pointer })] },
    });
    expect((await admin.settings.read()).version).toBe(0);
  });
});

describe('the audit log', () => {
  it('has every change with the settings before and after', async () => {
    await app.db.collection('audit').deleteMany({ 'target.kind': 'settings' });
    await change(0, { site: { name: 'The Evening Bell' } });

    expect(await auditOf(app, 'settings', 'site')).toMatchObject([
      {
        action: 'settings.change',
        actor: { id: (await app.person('admin')).id, role: 'admin' },
        before: { site: { name: 'The Harbour Post' } },
        after: { site: { name: 'The Evening Bell' } },
      },
    ]);
  });
});
