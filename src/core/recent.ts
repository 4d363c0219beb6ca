export interface Recent<T> {
  /** The value, read again when it is older than the span. Those who ask meanwhile share one read. */
  get(): Promise<T>;
  /** The next `get` reads again, also when a read is under way. */
  forget(): void;
}

/** Keeps what `read` gives for `span` milliseconds, for what every request asks. A failure is not kept. */
export function recent<T>(span: number, read: () => Promise<T>): Recent<T> {
  let kept: { readonly since: number; readonly value: Promise<T> } | null = null;

  function fetch(): Promise<T> {
    const fresh = { since: performance.now(), value: read() };
    kept = fresh;
    fresh.value.catch(() => {
      if (kept === fresh) kept = null;
    });
    return fresh.value;
  }

  return {
    get: () => (kept !== null && performance.now() - kept.since < span ? kept.value : fetch()),
    forget() {
      kept = null;
    },
  };
}
