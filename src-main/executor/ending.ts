import type { NewEvent, StudioEvent } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Audience } from './audience.ts';
import type { Lease } from './pool.ts';
import type { Timers } from './timers.ts';
import type { World } from './world.ts';

/** Looking at rows after the end takes a second or two, and is given up by the worker long before this: one that takes longer is stuck. */
export const CLOSE_MS = 20_000;

/** The ways in which nothing more comes of a run in this process. */
export interface Ending {
  /** Nothing more comes. */
  readonly over: boolean;
  /** Its work is done: the worker goes on with the next run while `events`, the last ones, are made durable. */
  commit(events: readonly NewEvent[], held: Lease): void;
  /** All has been said of it. */
  finish(): void;
  /** The journal can't take what happened: it is stopped where it is, and those who watch are told why. It is tried again later. */
  giveUp(error: unknown): void;
  /** It stands still until another process takes it up. */
  rest(): void;
  readonly closed: Promise<void>;
}

export interface Ends {
  readonly id: RunId;
  readonly world: World;
  readonly audience: Audience;
  readonly timers: Timers;
  readonly append: (events: readonly NewEvent[]) => readonly StudioEvent[];
  /** Takes the worker out of the run's hands. */
  readonly letGo: () => Lease | null;
}

export function createEnding({ id, world, audience, timers, append, letGo }: Ends): Ending {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let over = false;
  /** Its end waits for the commit. */
  let committing = false;
  let allSaid = false;

  const leave = (how: (lease: Lease | null) => void): void => {
    over = true;
    timers.clear();
    how(letGo());
  };
  const finish = (): void => {
    if (over || committing) {
      allSaid = true;
      return;
    }
    leave((lease) => lease?.release());
    void world.samples.keep(id);
    audience.end();
    world.gone(id);
    resolve();
  };
  const giveUp = (error: unknown): void => {
    const closing = timers.has('close');
    leave((lease) => (closing ? lease?.release() : lease?.kill()));
    audience.fail(error);
    world.gone(id);
    world.stranded(id);
    resolve();
  };
  return {
    closed,
    finish,
    giveUp,
    get over() {
      return over;
    },
    commit(events, held) {
      committing = true;
      audience.hold();
      held.send({ kind: 'close', runId: id });
      timers.clear();
      timers.set('close', CLOSE_MS, () => held.kill());
      let kept: readonly StudioEvent[] = [];
      const done = (): void => {
        committing = false;
        audience.release(kept.map((event) => ({ kind: 'event', event })));
        if (allSaid) finish();
      };
      const failed = (error: unknown): void => {
        committing = false;
        giveUp(error);
      };
      world.ends.add(() => (kept = append(events)), done, failed);
      world.leaves(id);
      held.retire();
    },
    rest() {
      if (committing) world.ends.flush();
      if (over) return;
      leave((lease) => lease?.kill());
      void world.samples.keep(id);
      audience.end();
      world.gone(id);
      resolve();
    },
  };
}
