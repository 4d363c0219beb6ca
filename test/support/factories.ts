import type { Client } from '../../src/client/index.ts';
import type { Article, NewArticle } from '../../src/features/articles/articles.contract.ts';

type Draft = Parameters<Client['editorial']['articles']['create']>[0]['body'];

/** A body of plain paragraphs. */
export const paragraphs = (...texts: string[]): NewArticle['body'] & object => ({
  type: 'doc',
  content: texts.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
});

let stories = 0;

/** A draft that passes the checks before publishing; made over HTTP by the verbs, as everything here is. */
export async function draft(desk: Client, more: Partial<Draft> = {}): Promise<Article> {
  stories += 1;
  const body = {
    headline: `Ferry timetable changes, part ${stories}`,
    body: paragraphs('The ferry leaves at noon.'),
    ...more,
  };
  return desk.editorial.articles.create({ body });
}

/** A story that readers see. */
export async function published(desk: Client, more: Partial<Draft> = {}): Promise<Article> {
  const { id, version } = await draft(desk, more);
  return desk.editorial.articles.publish({ params: { id }, ifMatch: version });
}

/** An id that names nothing. */
export const NOWHERE = 'ffffffffffffffffffffffff';
