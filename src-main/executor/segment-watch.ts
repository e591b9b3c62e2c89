import type { ErrorInfo } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { Command } from '../engine/command.ts';
import type { Timers } from './timers.ts';

/** A worker that was told to stop has this long; then it is ended. Together with the ending: within a second. */
const CANCEL_MS = 900;

/** Somebody's patience has run out: a node's, or the run's where `node` is null. */
export interface Expired {
  readonly node: NodeId | null;
  readonly error: ErrorInfo;
}

/** The one segment of a run that goes, and the patience with it. */
export interface SegmentWatch {
  start(command: Command & { kind: 'StartSegment' }): void;
  isCurrent(message: { readonly segment: string; readonly attempt: number }): boolean;
  /** After `ms` from now the patience is over, which is `allowedMs` in all. */
  patience(name: 'run' | 'segment', ms: number, allowedMs: number, node: NodeId | null): void;
  /** Tells the worker to stop, and ends it where it does not. */
  stop(): void;
  readonly expired: Expired | null;
  /** It goes no more. Answers whose patience had run out before. */
  ended(): Expired | null;
}

interface Parts {
  readonly timers: Timers;
  readonly cancel: () => void;
  readonly kill: () => void;
  /** Patience has run out while no segment goes. */
  readonly idle: (expired: Expired) => void;
}

export function createSegmentWatch({ timers, cancel, kill, idle }: Parts): SegmentWatch {
  let current: { readonly segment: string; readonly attempt: number } | null = null;
  let expired: Expired | null = null;
  const stop = (): void => {
    cancel();
    if (!timers.has('cancel')) timers.set('cancel', CANCEL_MS, kill);
  };
  const patience = (name: 'run' | 'segment', ms: number, allowedMs: number, node: NodeId | null): void =>
    timers.set(name, ms, () => {
      const what = node === null ? 'The run' : `"${node}"`;
      expired = { node, error: { code: 'timeout', message: `${what} was not done after ${allowedMs} ms.`, remedy: 'Allow it more time, or give it less to do.', ...(node === null ? {} : { place: node }) } };
      if (current !== null) stop();
      else idle(expired);
    });
  return {
    stop,
    patience,
    get expired() {
      return expired;
    },
    start({ segment, attempt, timeout }) {
      current = { segment, attempt };
      if (timeout !== null) patience('segment', timeout.ms, timeout.ms, timeout.node);
    },
    isCurrent: ({ segment, attempt }) => current?.segment === segment && current.attempt === attempt,
    ended() {
      timers.drop('segment');
      timers.drop('cancel');
      const had = expired;
      current = null;
      expired = null;
      return had;
    },
  };
}
