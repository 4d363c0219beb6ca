import { p } from '../body.ts';
import { type DemoStory, DRAFT } from '../story.ts';

/** What lies about on any desk: notes, a stub, and something for the bin. */
export const desk: readonly DemoStory[] = [
  {
    slug: 'untitled-test',
    by: 'reporter',
    type: 'news',
    headline: 'test test does this thing save',
    body: () => [p('it does')],
    path: [{ do: 'bin' }],
  },
  {
    slug: 'school-roof',
    by: 'reporter',
    type: 'news',
    headline: 'School roof: ring caretaker back',
    path: DRAFT,
  },
  {
    slug: 'who-pays-for-the-pumps',
    by: 'editor',
    type: 'analysis',
    section: 'politics',
    tags: ['storms', 'budget'],
    assignee: 'reporter',
    kicker: 'To be written',
    headline: 'Who pays for the pumps?',
    standfirst: 'For Colm: 600 words by Friday. The county says the town, the town says the county.',
    body: () => [p('Start with the invoice that went back and forth four times.')],
    path: DRAFT,
  },
];
