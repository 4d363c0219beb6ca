/** So many are asked for together at most; whoever comes later begins the next question. */
const MOST = 1_000;

interface Gathering<V> {
  readonly ids: Set<string>;
  readonly found: Promise<ReadonlyMap<string, V>>;
}

/**
 * Asks once for what many ask for in the same turn of the event loop: a round trip to the database costs the same for one
 * as for a hundred. The question is put after the last of them has asked, so that nobody gets what is older than his own
 * question. What is found is shared: it is read, and never changed.
 */
export function inOneTurn<V>(
  load: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (ids: readonly unknown[]) => Promise<ReadonlyMap<string, V>> {
  let gathering: Gathering<V> | null = null;

  return async (ids) => {
    if (ids.length === 0) return new Map();
    const names = ids.map(String);
    if (gathering && gathering.ids.size + names.length > MOST) gathering = null;
    gathering ??= begin();
    const { ids: together, found } = gathering;
    for (const name of names) together.add(name);
    return only(names, await found);
  };

  function begin(): Gathering<V> {
    const ids = new Set<string>();
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    const found = turn.then(() => {
      if (gathering?.ids === ids) gathering = null;
      return load([...ids]);
    });
    return { ids, found };
  }
}

/** The same for questions of any kind: all who ask the same in one turn are told what the first of them finds. */
export function sharedInATurn<V>(): (question: string, ask: () => Promise<V>) => Promise<V> {
  // A map for each turn: what one that lives on has forgotten stays in memory until V8 looks through all of it.
  let turn: { readonly end: Promise<void>; readonly answers: Map<string, Promise<V>> } | null = null;
  return (question, ask) => {
    turn ??= begin();
    const { end, answers } = turn;
    const known = answers.get(question);
    if (known) return known;
    const answer = end.then(ask);
    answers.set(question, answer);
    return answer;
  };

  function begin() {
    const end = new Promise<void>((resolve) =>
      setImmediate(() => {
        turn = null;
        resolve();
      }),
    );
    return { end, answers: new Map<string, Promise<V>>() };
  }
}

/** The same for what there is one of. */
export function onceInATurn<V>(read: () => Promise<V>): () => Promise<V> {
  const shared = sharedInATurn<V>();
  return () => shared('', read);
}

/** Those of the names that there are: what others asked for is not told. */
function only<V>(names: readonly string[], all: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  const own = new Map<string, V>();
  for (const name of names) {
    const value = all.get(name);
    if (value !== undefined) own.set(name, value);
  }
  return own;
}

/** Does what it is given at the end of this turn of the event loop, all of it in one go and in its order. It must not throw. */
export function atEndOfTurn(): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  const run = (): void => {
    const all = waiting;
    waiting = [];
    for (const work of all) work();
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(run);
  };
}
