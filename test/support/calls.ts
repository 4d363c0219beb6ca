import { DUTIES } from '../../src/contract/roles.ts';
import type { Operation } from '../../src/contract/surface.ts';
import { addressOf } from './addresses.ts';
import type { Person, TestApp } from './app.ts';
import { send } from './raw.ts';

/** A body that a route takes, as far as its schema says what it must have. */
const BODIES: Readonly<Record<string, object>> = {
  'articles.change': { headline: 'Taken over' },
  'articles.kill': { reason: 'Because' },
  'notes.create': { text: 'Seen' },
  'notes.change': { resolved: true },
  'merge.merge': { base: 1, changes: { headline: 'Taken over' } },
  'autosaves.keep': { base: 1, changes: { headline: 'Taken over' } },
};

/** What is sent where a file is asked for: a form with one, so that not its form is what is refused. */
function fileForm(field: string): FormData {
  const form = new FormData();
  form.set(field, new Blob(['WEBVTT\n'], { type: 'text/vtt' }), 'words.vtt');
  return form;
}

/** Calls about the thing `id`, or the given parts of it; what else a path names is well-formed, and nothing's name. */
export function callWith(
  app: TestApp,
  operation: Operation,
  token: string,
  given: string | Readonly<Record<string, string>>,
): Promise<Response> {
  const { route, feature, name } = operation;
  const path = addressOf(operation, typeof given === 'string' ? { id: given } : given);
  const method = route.method.toUpperCase();
  const headers: Record<string, string> = route.ifMatch ? { 'If-Match': '"1"' } : {};
  if (route.upload !== undefined)
    return fetch(app.url + path, {
      method,
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: fileForm(route.upload),
    });
  const body = route.body ? { body: JSON.stringify(BODIES[`${feature}.${name}`] ?? {}) } : {};
  return send(app, path, { method, token, headers, ...body });
}

/** What hangs on a story, by the parameter that names it. */
export async function partsOf(app: TestApp, id: string): Promise<Record<string, string>> {
  const { notes, previews } = (await app.as('editor')).editorial;
  const note = await notes.create({ params: { id }, body: { text: 'Who said so?' } });
  const link = await previews.create({ params: { id }, body: {} });
  return { id, noteId: note.id, linkId: link.id, number: '1', a: '1', b: '1' };
}

/** Operations as rows of `it.each`: each by what it is called, and itself. */
export const named = (list: readonly Operation[]) =>
  list.map((operation) => [`${operation.route.method} ${operation.route.path}`, operation] as const);

const mighty = new WeakMap<TestApp, Promise<Person>>();

/** An admin with every duty: nothing is refused for want of a right. The same one for all who ask. */
export function almightyOf(app: TestApp): Promise<Person> {
  const person = mighty.get(app) ?? empowered(app);
  mighty.set(app, person);
  return person;
}

async function empowered(app: TestApp): Promise<Person> {
  const person = await app.person('admin', 'meddler');
  const { users } = (await app.as('admin')).editorial;
  const { version } = await users.read({ params: { id: person.id } });
  await users.change({ params: { id: person.id }, ifMatch: version, body: { duties: [...DUTIES] } });
  return person;
}
