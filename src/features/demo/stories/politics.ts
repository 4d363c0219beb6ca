import { ad, b, fact, h2, i, image, lead, link, list, p, pull, related, s, steps, table } from '../body.ts';
import { type DemoStory, PUBLISHED } from '../story.ts';

/** The council and its money, oldest first. */
export const politics: readonly DemoStory[] = [
  {
    slug: 'council-finds-money-for-the-bridge',
    by: 'reporter',
    type: 'news',
    section: 'politics',
    tags: ['town-council', 'swing-bridge', 'budget'],
    bylines: ['colm-o-sceirigh'],
    hero: 'swing-bridge',
    kicker: 'Town council',
    headline: 'Council finds the money for the bridge, then finds the bridge costs more',
    standfirst:
      'Councillors voted seven to six for repairs at 1.9 million crowns, nine minutes before the new estimate arrived.',
    body: ({ picture }) => [
      p(
        lead('It was a good nine minutes.'),
        ' At 19.52 on Tuesday the council agreed, by seven votes to six, to mend the swing bridge over the Marl. At 20.01 the town engineer came back from the telephone with a slip of paper.',
      ),
      p(
        'The 1.9 million crowns that had just been found will pay for the bearings, the motor and the paint. They will not pay for the pier that all of it stands on, which divers looked at in March and wished they had not.',
      ),
      table(
        ['Item', 'Voted', 'New estimate'],
        ['Bearings', '740,000', '810,000'],
        ['Motor and gears', '620,000', '620,000'],
        ['Paint', '540,000', '560,000'],
        ['Centre pier', 'nothing', '1,150,000'],
        ['Total', '1,900,000', '3,140,000'],
      ),
      h2('What was cut to get this far'),
      list(
        'The second gritting lorry',
        'Hanging baskets, east of the station',
        'The mayor’s visit to a bridge in another country',
      ),
      image(picture('town-hall'), 'The vote was taken at eight by the wall clock and four by the tower.'),
      p(
        'The finance chair, Perpetua Gull, said that the council would “meet the number with an open mind and, in due course, with another number”. A further meeting is on the 14th.',
      ),
      ad('mid-article'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'why-the-bridge-sticks',
    by: 'correspondent',
    type: 'analysis',
    section: 'politics',
    tags: ['swing-bridge', 'budget'],
    bylines: ['sanna-vikblad', 'data-desk'],
    hero: 'swing-bridge',
    heroCaption: 'Open for 214 hours last year, of which 61 were meant.',
    kicker: 'Analysis',
    headline: 'What a bridge that will not open says about a budget that will not close',
    standfirst: 'Port Sallow saves on grease and pays in gears. Twelve years of accounts show how often.',
    body: ({ story }) => [
      p(
        lead('The cheapest thing'),
        ' about a swing bridge is the grease. It costs the town 4,100 crowns a year, and in five of the last twelve years the town has decided that it would rather not.',
      ),
      p(
        'We put the maintenance budget beside the repair bills. In each year after a cut, repairs went up; on average, every crown not spent on upkeep came back within eighteen months and brought six friends.',
      ),
      fact(
        'How we counted',
        p(
          'Figures are from the audited accounts, in today’s crowns. Two years are missing because the ledger was in the cellar during a storm.',
        ),
        list('Upkeep: grease, inspection, paint', 'Repairs: everything with an invoice over 10,000'),
      ),
      related(story('council-finds-money-for-the-bridge')),
      h2('The pier nobody saw'),
      p(
        'The divers’ report was ',
        i('ready in March'),
        ' and reached councillors in June. The engineer’s office says that it was sent twice; the committee clerk says that it came as a photograph of a laptop.',
      ),
      p(
        'None of this is scandal. It is how small towns lose large sums: a little at a time, politely, with minutes taken.',
      ),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'did-the-mayor-plant-4000-trees',
    by: 'reporter',
    type: 'fact_check',
    section: 'politics',
    tags: ['town-council', 'climate'],
    bylines: ['data-desk'],
    hero: 'town-hall',
    kicker: 'Checked',
    headline: 'Did the mayor plant 4,000 trees? We went and counted',
    standfirst: 'The claim is on three posters and a bus. The trees are in rather fewer places.',
    body: () => [
      p(
        b('The claim: '),
        '“We have planted 4,000 trees since I took office.” Mayor Aldous Fennimore, on the side of the number 3 bus.',
      ),
      p(
        b('The finding: '),
        'half right. 4,000 were bought; 2,317 were in the ground and alive when we looked.',
      ),
      h2('How we counted'),
      steps(
        [
          p('We asked for the invoices.'),
          list('3,600 saplings from the county nursery', '400 from a garden centre, on offer'),
        ],
        [p('We walked the eleven planting sites on two Saturdays with a clicker each.')],
        [p('Where our clickers differed we walked again, with sandwiches.')],
      ),
      table(
        ['Site', 'Planted', 'Alive'],
        ['River meadow', '1,500', '1,204'],
        ['Ring road', '1,200', '388'],
        ['School grounds', '450', '441'],
        ['Eight others', '280', '284'],
      ),
      p(
        'The other 570 are in a council yard, in pots, leaning. The four too many at the small sites seem to have arrived by themselves.',
      ),
      p(
        'The mayor’s office said that it “welcomed the scrutiny and the exercise”. The bus now reads: ',
        s('planted'),
        ' bought.',
      ),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'town-hall-opens-on-saturdays',
    by: 'reporter',
    type: 'news',
    section: 'politics',
    tags: ['town-council', 'town-clock'],
    bylines: ['colm-o-sceirigh'],
    hero: 'town-hall',
    kicker: 'Services',
    headline: 'Town hall will open on Saturday mornings from spring',
    standfirst:
      'Passports, parking and planning, nine to noon. The clock will be mended in the same breath, says the clerk.',
    body: () => [
      p(
        lead('If you work when the town hall works'),
        ', you have never seen the inside of it. From the first Saturday of spring its counters open from nine to noon.',
      ),
      p(
        'The hours are a trial for six months. Staff have been promised a weekday in exchange and, according to two of them, better coffee.',
      ),
      pull('We were open whenever nobody could come. It was very efficient.', 'Idony Brack, town clerk'),
      p(
        'Appointments can be made by ',
        link('e-mail', 'mailto:counter@portsallow.example.org'),
        ' or by standing in the hall and looking hopeful.',
      ),
    ],
    // Published, and changed since: the desk sees both, readers the first.
    path: [
      ...PUBLISHED,
      {
        do: 'change',
        to: {
          headline: 'Town hall will open on Saturday mornings from April',
          standfirst:
            'Passports, parking and planning, nine to noon. The clock has been put back to the autumn.',
        },
      },
    ],
  },
  {
    slug: 'christmas-lights-plan-b',
    by: 'editor',
    type: 'news',
    section: 'politics',
    tags: ['town-council'],
    bylines: ['maren-oakhythe'],
    kicker: 'Town centre',
    headline: 'If the lights fail again: plan B is candles, plan C is singing',
    standfirst: 'Written for a power cut that never came. Filed away, with thanks to the electricians.',
    body: () => [
      p(
        lead('Should the tree go dark'),
        ' on Saturday as it did last year, the council has 600 candles, 40 marshals with buckets, and a choir on standby.',
      ),
      p('The choir has asked for plan C to be promoted.'),
    ],
    path: [{ do: 'archive' }],
  },
];
