import {
  ad,
  b,
  fact,
  h2,
  h3,
  i,
  image,
  lead,
  link,
  p,
  pull,
  related,
  steps,
  sub,
  sup,
  table,
} from '../body.ts';
import { type DemoStory, DRAFT, IN_REVIEW, PUBLISHED } from '../story.ts';

/** The bay and what lives in it, oldest first. */
export const science: readonly DemoStory[] = [
  {
    slug: 'six-turbines-and-a-patient-seal',
    by: 'correspondent',
    type: 'news',
    section: 'science',
    tags: ['wind-power', 'sea-life', 'climate'],
    bylines: ['sanna-vikblad'],
    hero: 'turbines',
    kicker: 'Tern Bank',
    headline: 'Six turbines, nine months, and one very patient seal',
    standfirst:
      'The first season’s figures are in. So is a report by the biologist who was paid to watch the seal.',
    body: ({ picture }) => [
      p(
        lead('The turbines on Tern Bank'),
        ' turned for 7,904 of the 8,760 hours of their first year, made 61 gigawatt hours, and saved some 24,000 tonnes of CO',
        sub('2'),
        '. They also made one friend.',
      ),
      p(
        '“She arrived with the cable ship,” said Ebba Strandquist, who counts marine mammals for the county. “We expected her to leave with it.”',
      ),
      h2('What the seal did'),
      p(
        'The animal, listed as ',
        b('HG-114'),
        ' and known to the maintenance crew as Deputy, spent 212 of 270 days within 300 metres of turbine four. Strandquist’s ',
        link('report', 'https://tern-bank.example.org/report'),
        ' puts this down to fish, which like the foundations, and to company, which she puts in quotation marks.',
      ),
      table(
        ['Month', 'GWh', 'Days with seal'],
        ['October', '7.1', '26'],
        ['January', '8.4', '31'],
        ['April', '6.0', '22'],
        ['June', '4.9', '19'],
      ),
      image(picture('kelp-forest'), 'Kelp has taken to the scour protection: 3.2 kg per m² by June.'),
      h3('And the noise?'),
      p(
        'Below water it is about that of a fishing boat a kilometre off, or 10',
        sup('−6'),
        ' of what pile-driving was. Deputy, asked to leave for the measurement, did not.',
      ),
      ad('mid-article'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'the-bay-is-warmer-than-its-thermometer',
    by: 'correspondent',
    type: 'analysis',
    section: 'science',
    tags: ['climate', 'sea-life'],
    bylines: ['sanna-vikblad', 'data-desk'],
    hero: 'kelp-forest',
    kicker: 'Analysis',
    headline: 'The bay is warmer than its thermometer says, and the kelp has noticed',
    standfirst: 'For forty years the harbour gauge hung in the shade of a wall that is no longer there.',
    body: ({ story }) => [
      p(
        lead('Every morning at eight'),
        ' since the old harbour master’s day, somebody has read the temperature of the sea at the end of the north pier and written it down. It is a lovely series. It is also wrong by about half a degree.',
      ),
      h2('The wall'),
      p(
        'Until the repairs of eleven years ago the gauge hung behind a buttress, in water that hardly moved. When the buttress went, the readings jumped, and were quietly “corrected” back. Take the correction out and the bay has warmed by 1.3 °C, not 0.8.',
      ),
      fact(
        'How sure is this?',
        p(
          'Three other series, from the ferry’s intake, the fish hall and a diving club, agree with the uncorrected figure to within a tenth.',
        ),
      ),
      related(story('six-turbines-and-a-patient-seal')),
      p(
        'Kelp likes it cold. On the old rocks it now stops two metres deeper than on the ',
        i('first'),
        ' charts. On the turbine foundations, in the stream, it thrives.',
      ),
      pull(
        'The thermometer was fine. We had it in the wrong place, and then we believed it.',
        'Ebba Strandquist, marine biologist',
      ),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'school-grows-oysters-in-a-shed',
    by: 'correspondent',
    type: 'feature',
    section: 'science',
    tags: ['schools', 'sea-life'],
    bylines: ['sanna-vikblad'],
    hero: 'kelp-forest',
    heroCaption: 'Where the oysters are to go, if they grow.',
    kicker: 'Schools',
    headline: 'Class 6B has forty thousand oysters and would like some advice',
    standfirst:
      'A tank in a bicycle shed may bring back the native oyster. It has already brought back the bicycles’ rust.',
    body: () => [
      p(
        lead('You must talk to them quietly'),
        ', says Kasimir, aged eleven, who is on feeding duty. There is no evidence for this. There is a rota.',
      ),
      steps(
        'Morning: algae, one litre, green',
        'Break: temperature, in the book',
        'Afternoon: nothing sudden',
      ),
      p(
        'In spring the young oysters go out to the old beds. The class has asked for the date to be set on a school day.',
      ),
    ],
    path: IN_REVIEW,
  },
  {
    slug: 'seagrass-map',
    by: 'correspondent',
    type: 'news',
    section: 'science',
    tags: ['sea-life'],
    bylines: ['sanna-vikblad'],
    assignee: 'correspondent',
    headline: 'Divers map the seagrass (waiting for figures)',
    body: () => [
      p(
        'Ebba to send hectares by Thursday. ',
        b('Check'),
        ' whether the map may be shown: nesting birds on the flats.',
      ),
      p('Quote from the diving club is good, see notebook.'),
    ],
    path: DRAFT,
  },
];
