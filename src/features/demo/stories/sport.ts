import { ad, b, gallery, h2, i, image, lead, list, p, pull, rule, sup, table } from '../body.ts';
import { type DemoStory, IN_REVIEW, PUBLISHED } from '../story.ts';

/** Sport, oldest first. */
export const sport: readonly DemoStory[] = [
  {
    slug: 'rovers-sign-goalkeeper',
    by: 'reporter',
    type: 'news',
    section: 'football',
    tags: ['rovers'],
    bylines: ['adaeze-birchwater'],
    hero: 'football',
    heroCaption: 'A goal in want of a keeper.',
    kicker: 'Transfers',
    headline: 'Rovers sign a goalkeeper, pending one form',
    standfirst: 'Taken down while the club looks for the form.',
    body: () => [
      p(
        lead('Port Sallow Rovers'),
        ' have signed Ambrose Lanyard, 29, from Ostrand IF until the end of the season, if both clubs can find page two.',
      ),
      p('Lanyard is 1.98 metres tall and, in his own words, “not slow for the length”.'),
    ],
    path: [...PUBLISHED, { do: 'unpublish' }],
  },
  {
    slug: 'gig-crew-rows-home-in-a-borrowed-boat',
    by: 'correspondent',
    type: 'feature',
    section: 'sport',
    tags: ['rowing', 'night-ferry'],
    bylines: ['sanna-vikblad'],
    hero: 'gig-crew',
    kicker: 'Rowing',
    headline: 'Six oars, one borrowed boat and a very long way home',
    standfirst: 'The women’s gig crew missed the ferry back from Ostrand. So they rowed.',
    body: ({ picture }) => [
      p(
        lead('They had won, which was the trouble.'),
        ' The prize-giving ran late, the band would not stop, and when the crew of the ',
        i('Salt Annie'),
        ' came down to the quay, the ferry with their own boat on it was a light on the horizon.',
      ),
      p(
        '“Somebody said we could row it, as a joke,” said the stroke, Philippa Quoin. “And then nobody laughed, for slightly too long.”',
      ),
      h2('Forty-one sea miles'),
      p(
        'Ostrand’s club lent them a gig, a compass and a cheese. They left at midnight on a flat sea, changed the cox every hour, and sang everything they knew by Tern Rock and most of it again.',
      ),
      gallery(
        [picture('gig-crew'), 'The crew off the Saltings, 41 miles later.'],
        [picture('night-ferry'), 'The ferry that they missed.'],
        [picture('lighthouse'), 'Two flashes, seven seconds: the way home.'],
      ),
      table(
        ['Stage', 'Miles', 'Hours'],
        ['Ostrand to the bank', '18', '4.5'],
        ['The bank to Tern Rock', '15', '4'],
        ['Tern Rock to the slip', '8', '2.5'],
      ),
      pull('The cheese was the making of us.', 'Philippa Quoin, stroke'),
      p(
        'They tied up at eleven in the morning. The borrowed boat goes back on Friday, by ferry, with a cheese in it.',
      ),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'rovers-draw-in-the-fog',
    by: 'reporter',
    type: 'news',
    section: 'football',
    tags: ['rovers', 'storms'],
    bylines: ['adaeze-birchwater'],
    hero: 'football',
    kicker: 'Second division east',
    headline: 'Rovers hold the leaders to a draw that almost nobody saw',
    standfirst: 'Port Sallow Rovers 1, Ostrand IF 1. Attendance: 2,114. Witnesses: fewer.',
    body: ({ picture }) => [
      p(
        lead('The fog came in'),
        ' with the second half, from the sea end, about as fast as a full back, and by the hour the stand could see its own scarves and not much more.',
      ),
      p(
        'Before that there had been a game. Ostrand scored on 12 minutes from a corner that swung in like a gate. Rovers equalised on the 38',
        sup('th'),
        ' with a header by Cuthbert Nnadi that went in off the post, the keeper and the post.',
      ),
      image(picture('football'), 'The sea end, photographed while it was there.'),
      h2('What we think happened next'),
      list(
        'A chance for Ostrand (cheers from the left)',
        'A save (cheers from the right)',
        'A dog, certainly',
        'Full time, announced twice to be sure',
      ),
      rule,
      p(
        b('Rovers: '),
        'Oke; Tamber, Rusk, Bellweather, Imran; Nnadi, Coil, Pask; Ferrier, Ude, Winch. ',
        b('Goal: '),
        'Nnadi 38.',
      ),
      ad('article-end'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'rovers-want-their-sandbags-back',
    by: 'reporter',
    type: 'news',
    section: 'football',
    tags: ['rovers', 'storms'],
    bylines: ['adaeze-birchwater'],
    kicker: 'The Saltings',
    headline: 'Rovers would like the centre circle back, please',
    standfirst: 'There are still 675 sandbags on the pitch. The cup tie is on Sunday.',
    body: () => [
      p(
        lead('They filled them gladly'),
        ' on the night of the storm, both teams and the referee. A week on, the bags are still where they were filled.',
      ),
      p('The council says that they are an asset. The groundsman says that they are on the spot.'),
    ],
    path: IN_REVIEW,
  },
];
