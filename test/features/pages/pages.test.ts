import { SourceTextModule } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { send, sendRaw } from '../../support/raw.ts';

const HOSTILE = `<script>alert("a")</script>'&`;
const PAGES = ['setup', 'invitation', 'password-reset', 'email', 'sign-in', 'signed-in'];

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ SITE_NAME: HOSTILE });
});
afterAll(() => app.close());

type Element = DefaultTreeAdapterMap['element'];

const elementsOf = (node: DefaultTreeAdapterMap['node']): Element[] => {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return 'tagName' in node ? [node, ...below] : below;
};
const at = (element: Element, name: string) => element.attrs.find((attr) => attr.name === name)?.value;
const textOf = (node: DefaultTreeAdapterMap['node']): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

/** The document as a browser reads it; a fault in the markup fails the test. */
async function read(name: string) {
  const faults: string[] = [];
  const html = await (await send(app, `/admin/${name}`)).text();
  const onParseError = ({ code }: { code: string }) => faults.push(code);
  const elements = elementsOf(parse(html, { scriptingEnabled: false, onParseError }));
  const all = (tag: string) => elements.filter(({ tagName }) => tagName === tag);
  return { html, faults, elements, all, ids: elements.flatMap((element) => at(element, 'id') ?? []) };
}

describe.each(PAGES)('the page /admin/%s', (name) => {
  it('S63: has a policy without anything inline, stands in no frame and is kept by no cache', async () => {
    const { status, headers } = await send(app, `/admin/${name}`);

    expect(status).toBe(200);
    const policy = headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy?.join()).not.toMatch(/unsafe|https?:|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('S60: parses without a fault, an inline script or style, and with the site name as text', async () => {
    const { faults, elements, all } = await read(name);

    expect(faults).toEqual([]);
    expect(all('script').map(textOf)).toEqual(['']);
    expect(all('style')).toEqual([]);
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter((attr) => /^(?:on|style$|srcdoc$)/.test(attr.name))).toEqual([]);
    expect(attributes.filter(({ value }) => /^\s*javascript:/i.test(value))).toEqual([]);
    expect(all('base').concat(all('iframe'))).toEqual([]);
    expect(all('title').map(textOf)[0]).toContain(HOSTILE);
    expect(all('header').map(textOf)[0]).toContain(HOSTILE);
  });

  it('names every field, and describes it by what is there', async () => {
    const { elements, all, ids } = await read(name);
    const labelled = new Set(all('label').map((label) => at(label, 'for')));
    const wrapped = new Set(all('label').flatMap(elementsOf));

    expect(new Set(ids).size).toBe(ids.length);
    const nameless = all('input').filter((input) => !labelled.has(at(input, 'id')) && !wrapped.has(input));
    expect(nameless).toEqual([]);
    const fields = all('input').filter((input) => at(input, 'type') !== 'checkbox');
    expect(fields.filter((input) => !at(input, 'autocomplete'))).toEqual([]);
    const named = elements.flatMap((element) =>
      ['for', 'aria-describedby', 'aria-labelledby', 'data-shows'].flatMap(
        (attribute) => at(element, attribute)?.split(' ') ?? [],
      ),
    );
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('says its language, that no robot lists it, and that it needs a script', async () => {
    const { all, html } = await read(name);

    expect(all('html').map((root) => at(root, 'lang'))).toEqual(['en']);
    expect(all('noscript').map(textOf).join()).toContain('needs JavaScript');
    expect(html).toContain('<meta name="robots" content="noindex">');
    expect(html).toContain('content="width=device-width, initial-scale=1"');
  });

  it('refers only to addresses that this server has', async () => {
    const { elements } = await read(name);
    const addresses = elements
      .flatMap((element) => at(element, 'href') ?? at(element, 'src') ?? [])
      .filter((address) => address !== 'data:,');

    const answers = await Promise.all(
      addresses.map(async (address) => [address, (await send(app, address)).status]),
    );

    expect(addresses.every((address) => address.startsWith('/'))).toBe(true);
    expect(answers).toEqual(addresses.map((address) => [address, 200]));
  });

  it('has a script that fits the parts that it imports, and shows every id that it asks for', async () => {
    const { ids } = await read(name);
    const text = async (file: string) => (await send(app, `/admin/pages/${file}`)).text();
    const modules = new Map<string, SourceTextModule>();
    const load = async (file: string): Promise<SourceTextModule> => {
      const known = modules.get(file);
      if (known) return known;
      const module = new SourceTextModule(await text(file), { identifier: file });
      modules.set(file, module);
      return module;
    };

    const main = await load(`${name}.js`);
    // Linking refuses an import of what the other module does not export.
    await main.link((file) => load(file.replace('./', '')));

    expect(main.status).toBe('linked');
    const asked = [...(await text(`${name}.js`)).matchAll(/(?:byId|show|write)\('([^']+)'/g)].map(
      ([, id]) => id,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((id) => !ids.includes(id ?? ''))).toEqual([]);
  });

  it('answers HEAD without a body and takes no other method', async () => {
    const head = await send(app, `/admin/${name}`, { method: 'HEAD' });
    const post = await send(app, `/admin/${name}`, { method: 'POST', body: '{}' });

    expect([head.status, await head.text()]).toEqual([200, '']);
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('what the pages share', () => {
  it('S61: writes no markup, keeps nothing in the browser and sends the secret to the API alone', async () => {
    const files = [...PAGES, 'kit', 'passkey', 'second-factor', 'refusals'];

    const scripts = await Promise.all(
      files.map(async (file) => (await send(app, `/admin/pages/${file}.js`)).text()),
    );

    for (const script of scripts)
      expect(script).not.toMatch(
        /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|localStorage|sessionStorage|document\.cookie|indexedDB|location\.search/,
      );
  });

  it('S12: is the same under any name that a request gives this server', async () => {
    const plain = await (await send(app, '/admin/invitation')).text();
    const names = 'Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example';

    const asked = await sendRaw(app, `GET /admin/invitation HTTP/1.1\r\n${names}\r\n\r\n`);

    expect(asked.status).toBe(200);
    expect(Buffer.from(asked.body, 'latin1').toString()).toBe(plain);
  });

  it('shows a page under any query, the same bytes', async () => {
    const plain = await (await send(app, '/admin/email')).text();

    const asked = await send(app, '/admin/email?token=x&next=//evil.example');

    expect([asked.status, await asked.text()]).toEqual([200, plain]);
  });

  it('shows the name that an admin gave the site since', async () => {
    const admin = await app.as('admin');
    const settings = await admin.editorial.settings.read();
    await admin.editorial.settings.change({
      body: { site: { name: 'The Harbour Times' } },
      ifMatch: settings.version,
    });

    expect((await read('sign-in')).html).toContain('The Harbour Times');
  });
});
