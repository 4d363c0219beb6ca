/** What one story may hold. Generous for a newsroom, small enough that checking it costs milliseconds. */
export const BODY_LIMITS = {
  /** Levels of nodes below the document. */
  depth: 24,
  /** Children of one node. */
  children: 1_000,
  /** Nodes in the whole document. */
  nodes: 20_000,
  /** UTF-16 units in one text node. */
  textNode: 100_000,
  /** UTF-16 units of text in the whole document. */
  text: 1_000_000,
  /** Characters of a caption, an alternative text, a credit or a title. */
  caption: 2_000,
  /** Characters of a URL. */
  url: 2_048,
  /** Pictures in a gallery. */
  gallery: 200,
  /** Columns or rows that one table cell may cover. */
  span: 100,
  /** Problems reported at once. */
  issues: 100,
} as const;
