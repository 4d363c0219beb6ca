/** The parts that have something to say, joined. */
export function joinLines(parts: string[], glue = '\n'): string {
  return parts.filter((part) => part !== '').join(glue);
}

/** Every line with a prefix; empty lines without the prefix's trailing space. */
export function prefixLines(text: string, prefix: string): string {
  if (text === '') return text;
  const prefixed = (line: string) => (line === '' ? prefix.trimEnd() : prefix + line);
  return text.split('\n').map(prefixed).join('\n');
}

/** Text without lines that are empty: a blank line parts blocks, never the lines of one. */
export function withoutBlankLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.join('\n');
}
