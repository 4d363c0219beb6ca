import { courtHouse, townHall } from './drawings/civic.ts';
import { kelpForest, lighthouse, storm } from './drawings/coast.ts';
import { football, turbines } from './drawings/outdoors.ts';
import { chowder, library, theatre } from './drawings/rooms.ts';
import { gigCrew, harbourAtDusk, nightFerry } from './drawings/sea.ts';
import { iceCreamCart, market, swingBridge } from './drawings/town.ts';

interface Picture {
  readonly alt: string;
  readonly caption: string;
  /** The drawing as an SVG document of 1600 by 900. */
  readonly draw: () => string;
}

export const CREDIT = 'Drawing: Copydesk';

/** The pictures by file name. */
export const PICTURES = {
  'harbour-at-dusk': {
    alt: 'Two fishing boats on dark water in front of a setting sun, lit houses on both sides of the harbour.',
    caption: 'The inner harbour of Port Sallow at the end of the day.',
    draw: harbourAtDusk,
  },
  'night-ferry': {
    alt: 'A red and white ferry with lit windows under a crescent moon.',
    caption: 'The Ostrand ferry on a calm night.',
    draw: nightFerry,
  },
  lighthouse: {
    alt: 'A red and white striped lighthouse on a rock throws two beams into a starry night.',
    caption: 'Tern Rock light has stood on its skerry for 160 years.',
    draw: lighthouse,
  },
  storm: {
    alt: 'A wave breaks over a stone harbour wall and a lamp post under black clouds.',
    caption: 'The north pier takes the weight of the sea.',
    draw: storm,
  },
  'gig-crew': {
    alt: 'Six rowers and a cox in a long dark blue boat, green hills behind them.',
    caption: 'Six oars, one cox and not a dry sleeve among them.',
    draw: gigCrew,
  },
  'kelp-forest': {
    alt: 'Fish of several colours swim between tall fronds of kelp, light falls in from above.',
    caption: 'The kelp forest off Tern Bank.',
    draw: kelpForest,
  },
  market: {
    alt: 'Three market stalls with striped awnings and crates of fruit, bunting above, gabled houses behind.',
    caption: 'Quay Street market on a Saturday.',
    draw: market,
  },
  'court-house': {
    alt: 'A white goose stands before the steps of a court house with six columns.',
    caption: 'The party concerned, outside the district court.',
    draw: courtHouse,
  },
  'swing-bridge': {
    alt: 'A small orange van crosses a green arched bridge, old houses on both banks.',
    caption: 'The swing bridge over the Marl, in its better position.',
    draw: swingBridge,
  },
  'town-hall': {
    alt: 'A brick town hall with a clock tower that shows four o’clock, trees on both sides.',
    caption: 'The town hall, at what its clock believes to be four.',
    draw: townHall,
  },
  'ice-cream-cart': {
    alt: 'An ice-cream cart with a striped awning on a promenade, a gull waits on the sand.',
    caption: 'The cart on the promenade.',
    draw: iceCreamCart,
  },
  library: {
    alt: 'Tall shelves of coloured books, a ladder, and an arched window with a reading table.',
    caption: 'The reading room of the Marl Street library.',
    draw: library,
  },
  theatre: {
    alt: 'A chair with a shawl and a bucket in a spotlight on an empty stage, red curtains, heads in the stalls.',
    caption: 'All the scenery that “The Salt Register” needs.',
    draw: theatre,
  },
  chowder: {
    alt: 'A bowl of chowder with mussels on a checked cloth, with bread, a spoon and half a lemon.',
    caption: 'Monday chowder at the Slack Tide.',
    draw: chowder,
  },
  football: {
    alt: 'A ball in front of an empty goal, a full stand behind it.',
    caption: 'The sea end of the Saltings.',
    draw: football,
  },
  turbines: {
    alt: 'Five wind turbines at sea, and in the foreground the head of a seal.',
    caption: 'Tern Bank, with its most regular visitor.',
    draw: turbines,
  },
} satisfies Record<string, Picture>;

export type PictureKey = keyof typeof PICTURES;
