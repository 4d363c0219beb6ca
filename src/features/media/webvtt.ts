import { readFile } from 'node:fs/promises';
import { DomainError } from '../../core/errors.ts';

const HEADER = /^WEBVTT(?:[ \t].*)?$/;
const TIME = String.raw`(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})`;
const TIMING = new RegExp(
  String.raw`^${TIME}[ \t]+-->[ \t]+${TIME}((?:[ \t]+(?:vertical|line|position|size|align|region):[\w.,%-]+)*)[ \t]*$`,
);
/** What may be marked in a caption (WebVTT, section 1.2): the rest is text that looks like HTML. */
const MARKED = /<\/?(?:b|i|u|c|v|ruby|rt|lang)(?:[.\t ][^<>]*)?>|<(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3}>/g;

const MAX_BYTES = 1_048_576;

const refused = (code: string, message: string): DomainError =>
  new DomainError('invalid_input', 'The captions cannot be taken.', {
    errors: [{ pointer: '/file', code, message }],
  });

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Sees to it that a file is WebVTT that players can show, and nothing more than captions.
 * @throws DomainError that names the line that is at fault.
 */
export async function requireWebVtt({ path, size }: { path: string; size: number }): Promise<void> {
  if (size > MAX_BYTES) throw new DomainError('payload_too_large', 'Captions may have one megabyte.');
  const lines = decoded(await readFile(path)).split(/\r\n|\r|\n/);
  if (!HEADER.test(lines[0] ?? '')) throw refused('not_webvtt', 'The file does not begin with "WEBVTT".');
  const cues = blocksOf(lines).filter(isCue);
  if (cues.length === 0) throw refused('no_cues', 'There is no caption in the file.');
  for (const cue of cues) requireCue(cue);
}

function decoded(bytes: Buffer): string {
  try {
    const text = utf8.decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  throw refused('not_utf8', 'The file is not UTF-8 text.');
}

interface Block {
  /** Counted from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** What stands between empty lines, behind the header. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: string[] | null = null;
  lines.forEach((line, index) => {
    if (line === '') open = null;
    else if (open) open.push(line);
    else {
      open = [line];
      blocks.push({ line: index + 1, lines: open });
    }
  });
  return blocks.slice(1);
}

function isCue({ line, lines: [first = ''] }: Block): boolean {
  if (/^(?:STYLE|REGION)[ \t]*$/.test(first))
    throw refused('styled', `Line ${line}: how captions look is the site's. Leave out STYLE and REGION.`);
  return !/^NOTE(?:[ \t]|$)/.test(first);
}

function requireCue({ line, lines }: Block): void {
  const named = lines[0]?.includes('-->') ? 0 : 1;
  const timing = TIMING.exec(lines[named] ?? '');
  if (!timing) throw refused('timing', `Line ${line + named}: give times such as "00:01.000 --> 00:04.000".`);
  if (secondsOf(timing.slice(5, 9)) <= secondsOf(timing.slice(1, 5)))
    throw refused('timing', `Line ${line + named}: the caption ends before it begins.`);
  lines.slice(named + 1).forEach((text, index) => {
    if (text.includes('-->') || text.replace(MARKED, '').includes('<'))
      throw refused(
        'markup',
        `Line ${line + named + 1 + index}: only b, i, u, c, v, ruby, rt and lang are marked.`,
      );
  });
}

const secondsOf = ([hours = '0', minutes = '0', seconds = '0', thousandths = '0']: (
  | string
  | undefined
)[]): number => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(thousandths) / 1000;
