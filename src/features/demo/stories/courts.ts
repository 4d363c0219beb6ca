import { ad, appeal, b, fact, h2, i, lead, link, p, quote, related } from '../body.ts';
import { APPROVED, type DemoStory, PUBLISHED } from '../story.ts';

/** From the court house, oldest first. */
export const courts: readonly DemoStory[] = [
  {
    slug: 'harbour-goose-is-nobodys-goose',
    by: 'reporter',
    type: 'news',
    section: 'courts',
    tags: ['sea-life'],
    bylines: ['lotte-quillhaven'],
    hero: 'court-house',
    kicker: 'District court',
    headline: 'The harbour goose is nobody’s goose, judge rules',
    standfirst:
      'Two neighbours claimed the bird. It settled the matter on the court house steps, in front of witnesses.',
    body: () => [
      p(
        lead('After three hearings'),
        ', eleven exhibits and one incident with a stenographer’s lunch, the district court held on Wednesday that the white goose of the inner harbour belongs to no one.',
      ),
      p(
        'Horace Pilchard, 71, said that he had raised her from the egg. Wilhelmina Dace, 68, said that she had fed her every day for six years and had the receipts. The goose, invited to choose between them, bit the bailiff.',
      ),
      quote(
        p(
          'Ownership of a creature that goes where it likes, eats what it likes and answers to four names is a question less of law than of optimism.',
        ),
        p('Judge Cordelia Ashgrove, at paragraph 19'),
      ),
      h2('Costs'),
      p('Each side pays its own. The goose was awarded, ', i('obiter'), ', the freedom of the slipway.'),
      fact(
        'What the law says',
        p(
          'A wild bird is owned by nobody until it is tamed, and a tame one is wild again when it has lost the habit of coming home. The court found no evidence of the habit.',
        ),
      ),
      ad('mid-article'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'arrest-in-brass-bell-theft',
    by: 'reporter',
    type: 'news',
    section: 'courts',
    tags: ['fishing'],
    bylines: ['lotte-quillhaven'],
    kicker: 'Quay',
    headline: 'Man held over theft of the auction bell',
    standfirst: 'Police have questioned a 44-year-old about the brass bell that vanished from the fish hall.',
    body: () => [
      p(
        lead('A man of 44'),
        ' was questioned on Monday about the bell of the fish hall, which was found to be missing when nobody could be told that it was.',
      ),
      p('The bell weighs 31 kilograms and, say those who worked under it, was never quiet.'),
    ],
    path: [
      ...PUBLISHED,
      {
        do: 'kill',
        reason:
          'No theft: the bell is at the foundry for repair. The man questioned was the founder. Pulled by the editor on legal advice.',
      },
    ],
  },
  {
    slug: 'inquest-into-the-loss-of-the-gannet',
    by: 'correspondent',
    type: 'news',
    section: 'courts',
    tags: ['fishing', 'safety'],
    bylines: ['lotte-quillhaven', 'sanna-vikblad'],
    hero: 'harbour-at-dusk',
    heroCaption: 'Boats stayed in on Monday, as they have on this day each year.',
    kicker: 'Inquest',
    headline: 'Inquest opens into the loss of the Gannet and her crew of three',
    standfirst: 'Families heard for the first time how the last radio call was made, and how fast help came.',
    // The API itself keeps comments, adverts and appeals away from this one.
    sensitive: true,
    body: () => [
      p(
        'The coroner began on Monday by reading three names, and then waited a while before reading anything else.',
      ),
      p(
        'The trawler Gannet went down eleven miles north of Tern Rock in the early hours of a clear February night. The lifeboat was alongside the last known position within 38 minutes. The crew, all from Port Sallow, were not found until morning.',
      ),
      ad('mid-article'),
      h2('The evidence so far'),
      p(
        'A marine surveyor told the court that a through-hull fitting had failed. It had been inspected in good order the summer before. He had no criticism of the owner or of the skipper, “who did everything in the time he had that the time allowed”.',
      ),
      p(
        'The hearing continues on Thursday. The families have asked for privacy, and this newspaper will not photograph them.',
      ),
      appeal('article-end'),
      fact(
        'Someone to talk to',
        p(
          'The seafarers’ mission on Long Quay is open day and night, to anybody. Its ',
          link('chaplain', 'tel:+15550100187'),
          ' will also call back.',
        ),
      ),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'ruling-on-quay-leases',
    by: 'reporter',
    type: 'news',
    section: 'courts',
    tags: ['fishing', 'town-council'],
    bylines: ['lotte-quillhaven'],
    hero: 'court-house',
    heroCaption: 'The judgment is handed down here next week.',
    kicker: 'Under embargo',
    headline: 'Court strikes down the town’s new quay leases',
    standfirst:
      'The judgment was given to reporters in advance. It may not be shown before it is handed down.',
    embargoDays: 7,
    body: ({ story }) => [
      p(
        lead('The council acted beyond its powers'),
        ' when it doubled the rents of eleven net lofts overnight, the district court has held.',
      ),
      p(b('Not before the embargo lifts.'), ' The figures in paragraph four are still with our lawyer.'),
      related(story('harbour-goose-is-nobodys-goose')),
      p(
        'The lofts have been let by handshake since the quay was built, and the court found that a handshake, repeated for 140 years, is a lease.',
      ),
    ],
    path: APPROVED,
  },
];
