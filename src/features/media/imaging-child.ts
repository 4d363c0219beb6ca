import { endWithStarter } from '../../core/beside.ts';
import { DomainError } from '../../core/errors.ts';
import { putBehind } from '../../core/priority.ts';
import { createImaging } from './imaging.ts';
import { type Order, type Outcome, READY } from './imaging-process.ts';

// The process beside the server in which pictures are opened and made: whatever a reader waits for goes first. The pool that
// works on pictures is there already.
putBehind('all', 'everything');

endWithStarter();

const imaging = createImaging();

const work = ({ verb, given }: Order): Promise<unknown> =>
  // The other side takes its arguments from the same type.
  (imaging[verb] as (...given: readonly unknown[]) => Promise<unknown>)(...given);

/** Errors lose their class on the way; a cause stays here. */
function failureOf(number: number, error: unknown): Outcome {
  if (!(error instanceof DomainError)) return { number, error: String(error) };
  const { code, message, details } = error;
  const { cause: _cause, ...rest } = details;
  return { number, refusal: { code, message, details: rest } };
}

process.on('message', async (order: Order) => {
  const outcome = await work(order).then(
    (result): Outcome => ({ number: order.number, result }),
    (error: unknown) => failureOf(order.number, error),
  );
  process.send?.(outcome);
});
process.send?.(READY);
