/** What the server's own log calls a bug: name, code and message of each, once. */
export function bugsIn(log: string): string[] {
  const rows = log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"a bug: '))
    .map((line) => JSON.parse(line));
  return [...new Set(rows.map(({ msg, err }) => `${msg}: ${err?.type} ${err?.code ?? ''} ${err?.message}`))];
}
