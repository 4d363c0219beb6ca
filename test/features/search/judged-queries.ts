/** What an engine must be able to do for a query to be fair to it; the columns of docs/SEARCH.md. */
export type Ability = 'relevance' | 'phrases' | 'beginnings' | 'slips';

export interface Judged {
  readonly q: string;
  /** Slugs that must be among the hits; all of them, where `only` is set. */
  readonly finds: readonly string[];
  readonly only?: true;
  /** Slugs that must not be. */
  readonly not?: readonly string[];
  /** The first hit by relevance. */
  readonly first?: string;
  /** Words that stand in `<mark>` somewhere, as the story writes them. */
  readonly marks?: readonly string[];
  /** Some are hits by a tag or byline, which no highlight shows. */
  readonly byTag?: true;
  readonly needs?: Ability;
  readonly section?: string;
  readonly type?: string;
  readonly language?: string;
}

const GOOSE = 'harbour-goose-is-nobodys-goose';
const FERRY = 'night-ferry-returns';
const STORM = 'storm-bertil-as-it-happened';
const AUCTION = 'fish-auction-moves-its-clock';
const BRIDGE = 'council-finds-money-for-the-bridge';
const STICKS = 'why-the-bridge-sticks';
const GANNET = 'inquest-into-the-loss-of-the-gannet';
const TUBA = 'the-library-that-lends-a-tuba';
const SALT = 'review-the-salt-register';
const OBITUARY = 'aurelio-pennwhistle-ice-cream-maker';
const TABLE = 'review-the-slack-tide';
const FLASHES = 'the-woman-who-counts-the-flashes';
const SEAL = 'six-turbines-and-a-patient-seal';
const KELP = 'the-bay-is-warmer-than-its-thermometer';
const TREES = 'did-the-mayor-plant-4000-trees';
const BOAT = 'filleann-an-bad-oiche';
const FARJAN = 'nattfarjan-ar-tillbaka';
const MARKET = 'quay-street-market-arabic';
const FOG = 'rovers-draw-in-the-fog';
const SANDBAGS = 'rovers-want-their-sandbags-back';
const GIG = 'gig-crew-rows-home-in-a-borrowed-boat';

/** What readers ask of the demo newsroom, and what a person who knows it holds to be right. */
export const READERS: readonly Judged[] = [
  { q: 'goose', finds: [GOOSE], first: GOOSE, marks: ['goose'] },
  { q: 'GOOSE', finds: [GOOSE], first: GOOSE },
  { q: 'harbour goose', finds: [GOOSE], first: GOOSE, marks: ['harbour', 'goose'] },
  { q: 'bailiff', finds: [GOOSE], only: true, marks: ['bailiff'] },
  { q: 'claiming the bird', finds: [GOOSE], marks: ['claimed'] },
  { q: 'night ferry', finds: [FERRY], first: FERRY, marks: ['night', 'ferry'] },
  { q: 'ferries', finds: [FERRY, GIG], marks: ['ferry'] },
  { q: 'foghorn', finds: [FERRY], marks: ['foghorn'] },
  { q: 'foghorns', finds: [FERRY] },
  { q: 'ostrand', finds: [FERRY, FOG, GIG] },
  { q: 'storm', finds: [STORM], first: STORM, marks: ['Storm'] },
  { q: 'sandbag', finds: [STORM], not: [SANDBAGS], marks: ['sandbags'] },
  { q: 'storm pier', finds: [STORM], first: STORM },
  { q: 'auction', finds: [AUCTION], first: AUCTION, not: ['arrest-in-brass-bell-theft'] },
  { q: 'auctions fish', finds: [AUCTION], first: AUCTION, marks: ['auction', 'Fish'] },
  { q: 'bridge', finds: [BRIDGE, STICKS], marks: ['bridge'] },
  { q: 'council bridge', finds: [BRIDGE], first: BRIDGE },
  { q: 'bridge budget', finds: [BRIDGE, STICKS], first: STICKS },
  { q: 'coroner', finds: [GANNET], only: true },
  { q: 'trawlers', finds: [GANNET, TABLE], marks: ['trawler'] },
  { q: 'library', finds: [TUBA], first: TUBA },
  { q: 'tuba', finds: [TUBA], first: TUBA, marks: ['tuba'] },
  { q: 'lend ladder', finds: [TUBA], first: TUBA, marks: ['lends', 'ladders'] },
  { q: 'theatre', finds: [SALT] },
  { q: 'pennwhistle', finds: [OBITUARY], first: OBITUARY },
  { q: 'ice cream', finds: [], not: [GOOSE] },
  { q: 'chowder', finds: [TABLE], marks: ['chowder'] },
  { q: 'lighthouse', finds: [FLASHES], byTag: true },
  { q: 'ottilie marsk', finds: [FLASHES], marks: ['Ottilie', 'Marsk'] },
  { q: 'turbine seal', finds: [SEAL], first: SEAL },
  { q: 'kelp', finds: [KELP], first: KELP },
  { q: 'planting trees', finds: [TREES], first: TREES },
  { q: '"night ferry"', finds: [FERRY], needs: 'phrases' },
  // A kicker "Night ferry" before a tag "Night ferry" is no "ferry night".
  { q: '"ferry night"', finds: [], only: true, needs: 'phrases' },
  { q: '“the tuba is out”', finds: [TUBA], only: true, needs: 'phrases' },
  { q: 'thermom', finds: [KELP], needs: 'beginnings', marks: ['thermometer'] },
  { q: 'librar*', finds: [TUBA], needs: 'beginnings' },
  { q: 'goos', finds: [GOOSE], needs: 'beginnings' },
  { q: 'foghron', finds: [FERRY], needs: 'slips', marks: ['foghorn'] },
  { q: 'chowdr', finds: [TABLE], needs: 'slips' },
  { q: 'bád', finds: [BOAT], marks: ['bád'] },
  { q: 'bad poist', finds: [BOAT], first: BOAT },
  { q: 'nattfärja', finds: [FARJAN], needs: 'beginnings' },
  { q: 'nattfarjan', finds: [FARJAN], first: FARJAN },
  { q: 'سوق', finds: [MARKET], first: MARKET },
  { q: 'ferry', finds: [STORM], not: [FOG], section: 'harbour' },
  { q: 'bridge', finds: [STICKS], not: [BRIDGE], type: 'analysis' },
  { q: 'ostrand', finds: [FARJAN], not: [FERRY], language: 'sv' },
  // What readers do not have: in review under embargo, killed, unpublished, drafts, the bin.
  { q: 'handshake', finds: [], only: true },
  { q: 'bell theft', finds: [], only: true },
  { q: 'caretaker', finds: [], only: true },
  { q: 'seagrass', finds: [], only: true },
  { q: '<script>alert("goose")</script>', finds: [], only: true },
  { q: 'goose) OR (x:1 NEAR', finds: [], only: true },
];

/** What an editor asks of the working copies of the same newsroom. */
export const DESK: readonly Judged[] = [
  { q: 'handshake', finds: ['ruling-on-quay-leases'], only: true },
  { q: 'brass bell', finds: ['arrest-in-brass-bell-theft'] },
  { q: 'caretaker', finds: ['school-roof'], only: true },
  { q: 'seagrass', finds: ['seagrass-map'], only: true },
  { q: 'pumping', finds: ['who-pays-for-the-pumps', STORM] },
  { q: 'goose', finds: [GOOSE, 'letter-about-the-goose'] },
  { q: 'sandbag', finds: [STORM, SANDBAGS] },
];
