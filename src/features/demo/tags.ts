/** The tags by slug. */
export const TAGS = {
  'night-ferry': {
    name: 'Night ferry',
    description: 'The crossing between Port Sallow and Ostrand, and those who take it.',
  },
  'swing-bridge': {
    name: 'Swing bridge',
    description: 'The bridge over the Marl: open, shut, and in between.',
  },
  fishing: { name: 'Fishing', description: 'Boats, quotas, nets and the auction on the quay.' },
  'town-council': {
    name: 'Town council',
    description: 'What the thirteen councillors decide, and what they put off.',
  },
  budget: { name: 'Budget', description: '' },
  storms: { name: 'Storms', description: 'Weather with a name.' },
  lighthouse: { name: 'Lighthouse', description: '' },
  rovers: { name: 'Port Sallow Rovers', description: 'Second division, east. Home ground: the Saltings.' },
  rowing: { name: 'Rowing', description: '' },
  library: { name: 'Library', description: '' },
  theatre: { name: 'Theatre', description: '' },
  'eating-out': { name: 'Eating out', description: '' },
  'wind-power': { name: 'Wind power', description: 'The turbines on Tern Bank.' },
  'sea-life': { name: 'Sea life', description: 'Everything in the bay that does not pay harbour dues.' },
  climate: { name: 'Climate', description: '' },
  schools: { name: 'Schools', description: '' },
  safety: { name: 'Safety at sea', description: '' },
  'town-clock': { name: 'Town clock', description: 'Right twice a day.' },
} as const;

export type TagKey = keyof typeof TAGS;
