import type { DemoStory } from '../story.ts';
import { courts } from './courts.ts';
import { culture } from './culture.ts';
import { desk } from './desk.ts';
import { harbour } from './harbour.ts';
import { languages } from './languages.ts';
import { opinion } from './opinion.ts';
import { politics } from './politics.ts';
import { science } from './science.ts';
import { sport } from './sport.ts';

const PAGES = [science, courts, culture, politics, sport, harbour, opinion, languages];

/** By turns from every page, so that no list of the newest is all sport. */
function byTurns(pages: readonly (readonly DemoStory[])[]): DemoStory[] {
  const longest = Math.max(...pages.map((page) => page.length));
  return Array.from({ length: longest }, (_, turn) =>
    pages.flatMap((page) => page.slice(turn, turn + 1)),
  ).flat();
}

/** Every story in the order in which it was started and published. */
export const STORIES: readonly DemoStory[] = [...byTurns(PAGES), ...desk];
