import type { Page } from './page.ts';

/** A page of our own with everything that the sample page has; written for this test. */
export const ownPage: Page = {
  appeal: 'We need a hand.\n\nReaders keep this paper in print.',
  credit: 'Photo: Orla Ní Bhriain',
  kicker: 'harbour wall',
  headline: 'Mayor set to offer boat owners a ‘fair berth’ to end the harbour row',
  standfirst: 'Both sides meet tomorrow, at the request of the boat owners.',
  leadIn: 'HARBOUR MAYOR TUULA Brandt',
  paragraphs: [
    'HARBOUR MAYOR TUULA Brandt will offer boat owners a “fair berth” out of the row over the wall but stays “gravely” worried about the spring tides, a council official said today.',
    '“But we are also ready to close the gate if the water climbs <again>,” she will say & mean it, the official said, adding that “we keep *all* the sandbags_ready_”.',
    'Bhí sé ráite cheana: “Tá an balla ró-íseal.” Хорошо, said the captain; 100 % sure, 2 + 2 = 4.',
    'The talks are at ten. [No] date has been set for a second round, the official said.',
  ],
  commentMode: 'premoderated',
};
