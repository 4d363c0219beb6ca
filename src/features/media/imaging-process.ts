import type { ChildProcess } from 'node:child_process';
import type { ErrorCode } from '../../contract/problem.ts';
import { startBeside } from '../../core/beside.ts';
import { DomainError, type ErrorDetails, invalidField, unavailable } from '../../core/errors.ts';
import { createGate } from '../../core/gate.ts';
import type { Imaging } from './imaging.ts';

export interface Order {
  readonly number: number;
  readonly verb: keyof Imaging;
  readonly given: readonly unknown[];
}

export type Outcome =
  | { readonly number: number; readonly result: unknown }
  | {
      readonly number: number;
      readonly refusal: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: ErrorDetails;
      };
    }
  | { readonly number: number; readonly error: string };

/** What the process says when it has its decoder. */
export const READY = 'ready';

interface Waiting {
  readonly order: Order;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
  timer?: NodeJS.Timeout;
}

/** A processor each; more would only wait for each other, with their memory. */
const AT_ONCE = 2;
/** No picture that is taken takes so long, on whatever machine. */
const LIMIT_MS = 120_000;
/** When the process dies, what it had in hand is tried once more: it may have been the other one's fault. */
const TRIES = 2;
/** The process and its memory go when nobody sent a picture for so long. */
const IDLE_MS = 60_000;

/**
 * The same as `createImaging`, in a process beside this one: decoding takes all the processor that there is, and a picture
 * that kills a decoder kills nothing else. It is started by the first order, and again by the next when it has died.
 */
export function createImagingProcess(start: () => ChildProcess = startChild): Imaging {
  const enter = createGate(AT_ONCE);
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  return { inspect: by('inspect'), render: by('render'), glimpse: by('glimpse') };

  function by<V extends keyof Imaging>(verb: V): Imaging[V] {
    // What comes back is what the same verb answers over there.
    return ((...given: readonly unknown[]) => enter(() => order(verb, given))) as unknown as Imaging[V];
  }

  function order(verb: keyof Imaging, given: readonly unknown[]): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      last += 1;
      const one = { order: { number: last, verb, given }, resolve, reject, tries: 0 };
      waiting.set(last, one);
      send(one);
    });
  }

  function send(one: Waiting): void {
    clearTimeout(idle);
    child ??= begin();
    one.tries += 1;
    one.timer = setTimeout(() => giveUp(one), LIMIT_MS);
    hold(child, true);
    // What cannot be sent any more is found when the process has ended.
    child.send(one.order, () => undefined);
  }

  function begin(): ChildProcess {
    const begun = start();
    let isReady = false;
    begun.on('message', (said: Outcome | typeof READY) => {
      if (said === READY) isReady = true;
      else settle(said);
    });
    begun.on('error', (cause) => ended(begun, () => notNow(cause), 0));
    // One that ended by itself and had opened nothing could not load its decoder: no picture is to blame.
    begun.on('exit', (code) => ended(begun, isReady || code === null ? tooMuch : notNow));
    return begun;
  }

  function settle(outcome: Outcome): void {
    const one = taken(outcome.number);
    if ('result' in outcome) one?.resolve(outcome.result as never);
    else one?.reject('refusal' in outcome ? refusalOf(outcome.refusal) : new Error(outcome.error));
    if (waiting.size === 0) rest();
  }

  function taken(number: number): Waiting | undefined {
    const one = waiting.get(number);
    waiting.delete(number);
    clearTimeout(one?.timer);
    return one;
  }

  function giveUp({ order: { number } }: Waiting): void {
    taken(number)?.reject(tooMuch());
    child?.kill('SIGKILL');
  }

  function ended(begun: ChildProcess, why: () => DomainError, tries = TRIES): void {
    if (child !== begun) return;
    child = null;
    for (const one of [...waiting.values()]) {
      clearTimeout(one.timer);
      if (one.tries < tries) send(one);
      else taken(one.order.number)?.reject(why());
    }
  }

  function rest(): void {
    const resting = child;
    if (!resting) return;
    hold(resting, false);
    idle = setTimeout(() => {
      if (child !== resting) return;
      child = null;
      resting.disconnect();
    }, IDLE_MS).unref();
  }
}

/** While it works for somebody, this process waits for it; else it decides nothing. */
function hold(child: ChildProcess, isNeeded: boolean): void {
  for (const one of [child, child.channel]) isNeeded ? one?.ref() : one?.unref();
}

const refusalOf = ({ code, message, details }: { code: ErrorCode; message: string; details: ErrorDetails }) =>
  new DomainError(code, message, details);

/** It gets nothing of the environment: what it opens comes from outside. */
const startChild = (): ChildProcess => startBeside('./imaging-child', import.meta.url);

const notNow = (cause?: unknown): DomainError =>
  unavailable('Pictures cannot be opened now. Try again.', cause);

const tooMuch = (): DomainError =>
  invalidField(
    '/file',
    'damaged',
    'The picture cannot be opened: it takes too long or too much. Save it anew, and send that.',
  );
