/** The sections by slug, a parent before what stands below it. */
export const SECTIONS = {
  news: { name: 'News', parent: null },
  harbour: { name: 'Harbour', parent: 'news' },
  politics: { name: 'Politics', parent: 'news' },
  courts: { name: 'Courts', parent: 'news' },
  islands: { name: 'Islands', parent: 'news' },
  sport: { name: 'Sport', parent: null },
  football: { name: 'Football', parent: 'sport' },
  culture: { name: 'Culture', parent: null },
  stage: { name: 'Stage', parent: 'culture' },
  food: { name: 'Food', parent: 'culture' },
  science: { name: 'Science', parent: null },
  opinion: { name: 'Opinion', parent: null },
  lives: { name: 'Lives', parent: null },
} as const;

export type SectionKey = keyof typeof SECTIONS;
