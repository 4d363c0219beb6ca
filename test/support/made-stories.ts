import { type Document, ObjectId } from 'mongodb';
import { randomFrom } from '../drills/rig/wait.ts';

/**
 * Made stories for what has to be tried on many: each is made from its number alone, so that whoever looks for it knows
 * what is in it. Words come as often as in real prose (Zipf), from words that all stories have to words that a few have.
 */
export interface MadeStory {
  readonly number: number;
  readonly language: Language;
  readonly headline: string;
  readonly standfirst: string;
  readonly paragraphs: readonly string[];
  readonly publishedAt: Date;
}

type Language = 'en' | 'sv';

const ZIPF = 1.08;
const FORMS = 30_000;
const WORDS = 530;
const PARAGRAPH = 66;
const TOPIC = 12;
const HOUR_MS = 3_600_000;
/** The newest of them is older than all of the demo's. */
const NEWEST = Date.UTC(2026, 0, 1);
const SYLLABLES = [...'bdfghklmnprstv'].flatMap((first) => [...'aeiou'].map((vowel) => first + vowel));

/** What is said most, most often first. One word is in all stories, whatever their language. */
const COMMON: Readonly<Record<Language, readonly string[]>> = {
  en: 'the of and to ostrand in a is for on with said that was by harbour council after from be at it'.split(
    ' ',
  ),
  sv: 'och i att det ostrand en på är som för av med den till sade hamnen efter från var om ett inte'.split(
    ' ',
  ),
};
const ENDINGS: Readonly<Record<Language, readonly string[]>> = {
  en: ['', 's', 'ed', 'ing'],
  sv: ['', 'en', 'ar', 'arna'],
};

/** Whole numbers below any bound that look like chance, the same ones for the same seed. */
function chance(seed: number): (bound: number) => number {
  const draw = randomFrom(seed);
  return (bound) => Math.floor(draw() * bound);
}

/** A word of three syllables for each number, none like another; Swedish ones begin with letters that English ones lack. */
function stemOf(number: number, language: Language): string {
  let rest = (number * 7_919) % SYLLABLES.length ** 3;
  let word = language === 'sv' ? 'ö' : '';
  for (let at = 0; at < 3; at += 1) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return `${word}k`;
}

/** The word of a language that is said so often: rank 0 is said most. */
export function wordAt(rank: number, language: Language = 'en'): string {
  const common = COMMON[language];
  if (rank < common.length) return common[rank] ?? '';
  const endings = ENDINGS[language];
  return stemOf(Math.floor(rank / endings.length), language) + endings[rank % endings.length];
}

const DRAWN = 2 ** 18;
let drawn: Uint16Array | undefined;

/** Ranks as often as they are said: drawing one is looking at any place. */
function ranks(): Uint16Array {
  if (drawn) return drawn;
  const weights = Array.from({ length: FORMS }, (_none, rank) => (rank + 1) ** -ZIPF);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  drawn = new Uint16Array(DRAWN);
  let place = 0;
  let sum = 0;
  for (const [rank, weight] of weights.entries()) {
    sum += weight;
    for (; place < (sum / all) * DRAWN; place += 1) drawn[place] = rank;
  }
  return drawn;
}

export const languageOf = (number: number): Language => (number % 4 === 3 ? 'sv' : 'en');

/** What a story is about: words that few others have. */
export function topicOf(number: number): string[] {
  const draw = chance(number + 1);
  return Array.from({ length: TOPIC }, () => wordAt(1_000 + draw(FORMS - 1_000), languageOf(number)));
}

export function madeStory(number: number): MadeStory {
  const language = languageOf(number);
  const draw = chance(-number - 1);
  const table = ranks();
  const topic = topicOf(number);
  const any = () => wordAt(table[draw(DRAWN)] ?? 0, language);
  const some = (length: number) => Array.from({ length }, any).join(' ');
  const length = WORDS / 2 + draw(WORDS);
  const paragraphs = Array.from({ length: Math.ceil(length / PARAGRAPH) }, (_none, at) => {
    const of = topic.slice((at * 2) % TOPIC, ((at * 2) % TOPIC) + 2).join(' ');
    return `${some(PARAGRAPH / 2)} ${of} ${some(PARAGRAPH / 2 - 2)}.`;
  });
  return {
    ...{ number, language, paragraphs },
    headline: `${topic[0]} ${some(4)} ${topic[1]}`,
    standfirst: `${some(10)} ${topic[2]} ${some(6)}.`,
    publishedAt: new Date(NEWEST - number * HOUR_MS),
  };
}

const BATCH = 500;

interface Published {
  insertMany(docs: Document[], options: object): Promise<unknown>;
}
/** What is not made is of a story that is there already. */
interface Taken {
  readonly model: Document;
  readonly sections: readonly unknown[];
}

/** Puts so many into `published`: all but words, time and section is the model's. */
export async function insertMade(
  published: Published,
  { count, ...taken }: Taken & { count: number },
): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from);
    const some = Array.from({ length }, (_none, at) => madeStory(from + at));
    await insertStories(published, some, taken);
  }
}

export async function insertStories(
  published: Published,
  stories: readonly MadeStory[],
  { model, sections }: Taken,
): Promise<void> {
  const all = stories.map((story) => asPublished(story, model, sections));
  await published.insertMany(all, { ordered: false, writeConcern: { w: 1 } });
}

export const slugOf = (number: number): string => `made-${number}`;

function asPublished(story: MadeStory, model: Document, sections: readonly unknown[]): Document {
  const { number, headline, standfirst, language, paragraphs, publishedAt: at } = story;
  const content = paragraphs.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }));
  return {
    ...{ ...model, _id: new ObjectId(), slug: slugOf(number), kicker: '', headline, standfirst, language },
    ...{ publishedAt: at, firstPublishedAt: at, updatedAt: at, changedAt: at, hero: null, related: [] },
    body: { type: 'doc', content },
    section: sections[number % sections.length],
    tags: [model.tags[number % model.tags.length]],
  };
}
