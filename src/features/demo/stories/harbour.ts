import {
  ad,
  appeal,
  b,
  embed,
  gallery,
  h2,
  h3,
  i,
  image,
  lead,
  link,
  list,
  p,
  pull,
  quote,
  related,
  rule,
  steps,
  table,
} from '../body.ts';
import { type DemoStory, PUBLISHED } from '../story.ts';

/** The waterfront, oldest first. */
export const harbour: readonly DemoStory[] = [
  {
    slug: 'the-woman-who-counts-the-flashes',
    by: 'correspondent',
    type: 'feature',
    section: 'islands',
    tags: ['lighthouse', 'safety'],
    bylines: ['sanna-vikblad'],
    hero: 'lighthouse',
    kicker: 'Tern Rock',
    headline: 'The woman who still counts the flashes',
    standfirst:
      'Tern Rock light has run itself for thirty years. Ottilie Marsk checks its sums every evening anyway.',
    body: ({ picture }) => [
      p(
        lead('At ten minutes to dusk'),
        ' Ottilie Marsk puts the kettle on, and at dusk she takes it off again. In between she stands at her kitchen window on Great Tern and counts: two flashes, a dark of seven seconds, two flashes more.',
      ),
      p(
        'Nobody has asked her to. The lamp was given a computer the year her last child started school, and the computer has a second computer to watch it. Neither has a kitchen window.',
      ),
      pull('A machine tells you when it has failed. I tell them when it is about to.', 'Ottilie Marsk'),
      h2('Seven seconds, give or take'),
      p(
        'Last November she telephoned the lights office to say that the dark was ',
        i('long'),
        '. How long? “Long enough to notice.” An engineer came out on the mail boat, unscrewed a panel, and found a bearing that had a fortnight left in it.',
      ),
      image(
        picture('harbour-at-dusk'),
        'From the harbour the light is a pinprick. From Great Tern it comes through the curtains.',
      ),
      p(
        'The office has since written to thank her, and to ask whether she might put her observations into a form. She has put the form behind the clock.',
      ),
      appeal('article-end'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'fish-auction-moves-its-clock',
    by: 'reporter',
    type: 'news',
    section: 'harbour',
    tags: ['fishing'],
    bylines: ['colm-o-sceirigh'],
    hero: 'market',
    heroCaption: 'What the auction sells at five stands in Quay Street by seven.',
    kicker: 'Fishing',
    headline: 'Fish auction will start an hour earlier, to the despair of its gulls',
    standfirst:
      'From Monday the first box goes under the hammer at four, so that the lorries make the early train.',
    body: () => [
      p(
        lead('The quay’s oldest habit'),
        ' moves by an hour next week. The auction has opened at five since the bell was hung; buyers asked for four, because the refrigerated train now leaves at six and waits for nobody.',
      ),
      p(
        '“The fish do not mind,” said Brannoc Tull, who has called prices in the hall for 26 years. “The porters mind a bit. The gulls have not been told.”',
      ),
      list(
        'First box: 4 am, Monday to Saturday',
        'Viewing: from 3.15 am, boots to be clean',
        'Last landing for the same day: 2.30 am',
      ),
      p('The canteen, after talks that both sides describe as frank, will open at three.'),
    ],
    path: [
      ...PUBLISHED,
      {
        do: 'change',
        to: {
          body: () => [
            p(
              lead('The quay’s oldest habit'),
              ' moves by an hour next week. The auction has opened at five since the bell was hung; buyers asked for four, because the refrigerated train now leaves at six and waits for nobody.',
            ),
            p(
              '“The fish do not mind,” said Brannoc Tull, who has called prices in the hall for 31 years. “The porters mind a bit. The gulls have not been told.”',
            ),
            list(
              'First box: 4 am, Monday to Saturday',
              'Viewing: from 3.15 am, boots to be clean',
              'Last landing for the same day: 2.30 am',
            ),
            p('The canteen, after talks that both sides describe as frank, will open at three.'),
          ],
        },
      },
      {
        do: 'publish',
        as: {
          change: 'correction',
          note: 'An earlier version said that Brannoc Tull has called prices for 26 years. It is 31; he counts the five when nobody listened.',
        },
      },
    ],
  },
  {
    slug: 'night-ferry-returns',
    by: 'correspondent',
    type: 'news',
    section: 'harbour',
    tags: ['night-ferry', 'town-council'],
    bylines: ['sanna-vikblad', 'colm-o-sceirigh'],
    hero: 'night-ferry',
    kicker: 'Night ferry',
    headline: 'After nine winters, the night ferry to Ostrand sails again',
    standfirst:
      'The first crossing sold out in eleven minutes. The bunks are new; the foghorn, by public demand, is not.',
    body: ({ picture }) => [
      p(
        lead('The lights go on'),
        ' along the long quay at nine on Friday evening, and at half past ten, if the tide book and the crew agree, the ',
        i('Marl Queen'),
        ' will take 412 people, 60 cars and one grand piano out past Tern Rock and across to Ostrand.',
      ),
      p(
        'It is the first night sailing since the line was closed nine winters ago, when the old ship failed her survey and the company failed shortly after. A cooperative of both towns bought the route for one crown and a promise.',
      ),
      h2('Timetable'),
      table(
        ['', 'Port Sallow', 'Ostrand'].map((head) => head || 'Sailing'),
        ['Friday', 'dep. 22.30', 'arr. 07.15'],
        ['Sunday', 'arr. 06.50', 'dep. 22.00'],
        ['Wednesday', 'dep. 22.30', 'arr. 07.15'],
      ),
      p(
        'A reclining seat is 38 crowns, a bunk 64, a bicycle nothing. ',
        link('Tickets and the fine print', 'https://ferry.example.org/tickets'),
        ' are with the cooperative, which answers its own ',
        link('telephone', 'tel:+15550100142'),
        '.',
      ),
      h3('What is on board'),
      list(
        'Two hundred bunks, each with a lamp that can be dimmed',
        'A canteen that serves pea soup until it has gone',
        'A quiet deck, where the piano will travel',
      ),
      quote(
        p(
          'We kept the foghorn. People wrote letters. One person sent a recording of it, in case we had forgotten.',
        ),
        p(b('Greta Holmsund'), ', master of the Marl Queen'),
      ),
      gallery(
        [picture('night-ferry'), 'The Marl Queen on her trial crossing.'],
        [picture('lighthouse'), 'Tern Rock, twenty minutes out.'],
        [picture('harbour-at-dusk'), 'The inner harbour, where the ferry will not fit and never did.'],
      ),
      p('The foghorn, recorded from the promenade on Tuesday:'),
      embed('soundcloud', 'copydesk-demo/marl-queen-foghorn'),
      ad('mid-article'),
    ],
    path: [
      ...PUBLISHED,
      {
        do: 'change',
        to: {
          standfirst:
            'The first crossing sold out in nine minutes. The bunks are new; the foghorn, by public demand, is not.',
        },
      },
      { do: 'publish', as: { change: 'update' } },
    ],
  },
  {
    slug: 'storm-bertil-as-it-happened',
    by: 'reporter',
    type: 'live',
    section: 'harbour',
    tags: ['storms', 'safety', 'night-ferry'],
    bylines: ['colm-o-sceirigh', 'sanna-vikblad'],
    hero: 'storm',
    kicker: 'As it happened',
    headline: 'Storm Bertil: high water passes, the north pier holds',
    standfirst:
      'The tide peaked at 21.40, a hand’s breadth below the top of Quay Street. Here is how the evening went.',
    body: ({ story }) => [
      p(
        b('What we know'),
        ': nobody is hurt. The water is falling. Quay Street stays shut until the morning, and Friday’s ferry sails as planned.',
      ),
      related(story('night-ferry-returns')),
      h2('22.55: The pumps win'),
      p(
        'The last of the water is out of the fish hall. The auction will open at four “or at a quarter past, with mops”.',
      ),
      rule,
      h2('21.40: High water'),
      p(
        '4.12 metres on the harbour gauge. The wall is 4.20. Somebody on the town hall steps began to clap, and then everybody did.',
      ),
      rule,
      h2('20.15: Sandbags'),
      p(
        'Both football teams, who were meant to be playing each other, are filling sandbags on the centre circle. The score at the time of writing is 340 bags to 335.',
      ),
      h3('If you live below Chandler’s Steps'),
      steps(
        'Move the car to the Saltings, which is open and free tonight.',
        'Take medicine, glasses and the cat upstairs.',
        'Leave the drain covers alone. They are doing their job.',
      ),
      rule,
      h2('18.30: The bridge is shut'),
      p('The swing bridge has been opened for the river and closed to traffic. For once this is on purpose.'),
    ],
    path: PUBLISHED,
  },
];
