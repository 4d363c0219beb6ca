/** Does one thing after the other, in the order in which they were asked for, whatever becomes of each. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    /** Settles when everything that was asked for until now is done; it never rejects. */
    done: (): Promise<unknown> => last,
  };
}
