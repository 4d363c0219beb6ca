import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { UploadedFile } from '../../contract/route.ts';
import type { Context } from '../../core/context.ts';
import { invalidField } from '../../core/errors.ts';
import { createGate } from '../../core/gate.ts';
import { labelOf } from '../../core/label.ts';
import type { Outbound, OutboundAnswer } from '../../core/outbound.ts';
import { requirePermission } from '../../core/policy.ts';
import type { MediaImport } from './intake.contract.ts';
import type { MediaService, Taken } from './media.service.ts';
import { inScratch } from './scratch.ts';

const ANSWER_MS = 10_000;
const TOTAL_MS = 60_000;
const REDIRECTS = 5;
/** Each holds a connection and a file while it lasts. */
const AT_ONCE = 4;

/** Servers that choose a format by what is accepted would send another than the name says. */
const HEADERS = { Accept: 'image/jpeg, image/png, image/*;q=0.8, */*;q=0.5', 'User-Agent': 'Copydesk' };

export type IntakeService = ReturnType<typeof createIntake>;

/** Takes in what is somewhere else: fetched behind the guard on outgoing requests, then as an upload. */
export function createIntake(deps: {
  media: Pick<MediaService, 'create'>;
  outbound: Outbound;
  scratch: string;
  maxBytes: number;
}) {
  const { media, outbound, scratch, maxBytes } = deps;
  const enter = createGate(AT_ONCE);
  return { fetch };

  /** @throws DomainError as an upload does, and for an address that gives nothing. */
  async function fetch(ctx: Context, { url, ...said }: MediaImport): Promise<Taken> {
    requirePermission(ctx, 'media:write');
    const request = {
      headers: HEADERS,
      answerMs: ANSWER_MS,
      totalMs: TOTAL_MS,
      redirects: REDIRECTS,
      maxBytes,
    };
    return inScratch(scratch, async (path) => {
      const file = await enter(() => outbound.ask(url, request, (answer) => keep(answer, path)));
      return media.create(ctx, file, said);
    });
  }
}

async function keep({ status, headers, url, body }: OutboundAnswer, path: string): Promise<UploadedFile> {
  if (status !== 200)
    throw invalidField('/url', 'no_file', `This address gives no file: it answers ${status}.`);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(body, file);
  const declaredType = headers['content-type']?.split(';')[0]?.trim() ?? '';
  return { path, size: file.bytesWritten, label: nameOf(url), declaredType };
}

/** The last part of the path, as it reads. */
function nameOf({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return labelOf(decodeURIComponent(last));
  } catch {
    return labelOf(last);
  }
}
