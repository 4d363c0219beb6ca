import type { Actor } from '../../core/context.ts';
import { createEventStream, type EventStream } from '../../core/event-stream.ts';
import { can, type Owned, reachOf } from '../../core/policy.ts';
import type { Standing } from '../auth/auth.service.ts';
import { eventFor, type Happening } from './happenings.ts';
import type { Bearer } from './tickets.ts';

const BEAT_MS = 15_000;
/** A stream outlives the access token that it was asked for with; not by more than this. */
const MAX_AGE_MS = 60 * 60_000;

/** Somebody who follows, as they stood when the stream began. */
export interface Listener {
  readonly bearer: Bearer;
  readonly stream: EventStream;
  /** Up to where they were told what is numbered. */
  position: number;
  /** Whether they have everything up to the hub's own position. */
  live: boolean;
  tell(happening: Happening, story: Owned | undefined): void;
  /** Ends the stream of somebody who is not let in any more, or not as the same: they ask for another. */
  hold(now: Standing | null): void;
  beat(): void;
}

/** Everything by which somebody may see more or less than before, and whether their tokens were ended meanwhile. */
const standingOf = ({ actor, tokenVersion }: Standing): string =>
  JSON.stringify([actor.role, actor.duties, actor.mustEnrol, tokenVersion]);

/** Of a story, as it is now; of what has no owner that is asked for, only whoever may see all of its kind. */
const mayHear = (actor: Actor, { about, permission }: Happening, story: Owned | undefined): boolean =>
  about.kind === 'article'
    ? story !== undefined && can(actor, permission, story)
    : reachOf(actor, permission) === 'any';

export function createListener(bearer: Bearer, standing: Standing, position: number): Listener {
  const stream = createEventStream();
  const began = performance.now();
  const first = standingOf(standing);
  let actor: Actor = standing.actor;
  let beatAt = began;
  const listener: Listener = {
    ...{ bearer, stream, position, live: false },
    tell(happening, story) {
      const { seq } = happening;
      if (seq !== null && seq <= listener.position) return;
      if (seq !== null) listener.position = seq;
      if (!mayHear(actor, happening, story)) return;
      const data = eventFor(happening, bearer.id);
      stream.send({ event: data.type, id: seq === null ? undefined : String(seq), data });
    },
    hold(now) {
      if (now && standingOf(now) === first && performance.now() - began < MAX_AGE_MS) actor = now.actor;
      else stream.end();
    },
    beat() {
      if (performance.now() - beatAt < BEAT_MS) return;
      beatAt = performance.now();
      stream.beat(listener.live ? String(listener.position) : undefined);
    },
  };
  return listener;
}
