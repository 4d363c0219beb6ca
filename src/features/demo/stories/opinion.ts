import { appeal, b, i, lead, list, p, pull, related } from '../body.ts';
import { type DemoStory, DRAFT, PUBLISHED } from '../story.ts';

/** What people think, oldest first. */
export const opinion: readonly DemoStory[] = [
  {
    slug: 'mend-the-clock',
    by: 'editor',
    type: 'opinion',
    section: 'opinion',
    tags: ['town-clock', 'town-council'],
    bylines: ['maren-oakhythe'],
    hero: 'town-hall',
    kicker: 'Leader',
    headline: 'Mend the clock',
    standfirst: 'A town that cannot agree on the time will not agree on a bridge.',
    body: () => [
      p(
        lead('It has been four o’clock'),
        ' in Port Sallow for three years. There are children at school who think that four is simply what the tower says.',
      ),
      p(
        'We do not claim that a stopped clock matters as much as a stuck bridge, a wet quay or a cold classroom. We claim that it is ',
        b('cheaper'),
        ', that it is ',
        b('visible'),
        ', and that a council which mends one thing in view of everybody is more likely to be lent the money for the next.',
      ),
      p(
        'The clockmaker’s quotation is 9,800 crowns. It has been on the table since last autumn; we know, because this newspaper’s photographer stood a cup on it.',
      ),
      p('Mend the clock. Then look up at it together, and start.'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'letter-about-the-goose',
    by: 'reporter',
    type: 'opinion',
    section: 'opinion',
    tags: ['sea-life'],
    headline: 'Letter: I am the fourth person who feeds that goose',
    standfirst: 'Name and address supplied. Yusra to ring back before it goes anywhere.',
    assignee: 'editor',
    body: () => [p('Sir or Madam, with respect to the learned judge, her name is Margaret.')],
    path: DRAFT,
  },
  {
    slug: 'in-praise-of-arriving-late',
    by: 'reporter',
    type: 'opinion',
    section: 'opinion',
    tags: ['night-ferry'],
    bylines: ['fergus-penhallick'],
    hero: 'night-ferry',
    heroCaption: 'Not an aeroplane, thank goodness.',
    kicker: 'Comment',
    headline: 'In praise of taking nine hours over it',
    standfirst: 'The aeroplane to Ostrand takes fifty minutes. I have never met anyone on it.',
    body: ({ story }) => [
      p(
        lead('I have been told'),
        ' that the night ferry is inefficient, and I should like to agree as warmly as I can.',
      ),
      related(story('night-ferry-returns')),
      p(
        'On a ferry there is time to be bored. Being bored, you go on deck; being on deck, you fall to talking with a man who repairs accordions. You arrive with an accordion. No aeroplane has ever done this for me.',
      ),
      pull('Speed is for parcels.', 'Fergus Penhallick'),
      p('The case for slowness, in short:'),
      list('Nobody has ever missed a connection that they did not, on reflection, resent.', 'Soup.', [
        p('You cross a sea, and you ', i('notice'), '.'),
      ]),
      appeal('article-end'),
    ],
    path: PUBLISHED,
  },
];
