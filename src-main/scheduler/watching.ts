import { watch } from 'chokidar';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { fileError } from '../library/files.ts';
import type { SchedulerTimers } from './options.ts';
import { hasChanged, listingOf, seenText } from './seen.ts';
import type { WatchTimes } from './seen.ts';

/** A watch's eye on its file or folder. */
export interface Watching {
  /** The path it watches, and how: another text needs another eye. */
  readonly about: string;
  /** Why it can't see; null while it can. */
  problem(): string | null;
  /** Looks for itself, where nobody would tell it of a change, or (`all`) in any case: what is found has to stay so for `settleMs`. */
  poll(all: boolean): void;
  /** Resolves once nothing it has begun goes on. */
  close(): Promise<void>;
}

export interface WatchingOptions {
  /** Absolute. */
  readonly path: string;
  readonly times: WatchTimes;
  /** What was there when somebody last looked; null where nobody could. */
  readonly seen: string | null;
  readonly timers: SchedulerTimers;
  /** Called with what is there now, once it has changed in a way that counts and has been quiet for `settleMs`. `first`: it had changed before this eye was open. */
  readonly onChange: (seen: string, first: boolean) => void;
  readonly onProblem: () => void;
}

export const aboutOf = (path: string, { glob, events, settleMs }: WatchTimes): string => JSON.stringify([path, glob ?? null, events, settleMs]);

/** What a watch would find at a path now; what isn't there is empty. Null where it can't be read. */
export async function seenAt(path: string, { glob }: WatchTimes): Promise<string | null> {
  try {
    return seenText((await listingOf(path, glob)) ?? new Map());
  } catch {
    return null;
  }
}

const nothing = (): void => undefined;

export function openWatching({ path, times, seen: before, timers, onChange, onProblem }: WatchingOptions): Watching {
  let seen = before;
  let problem: string | null = null;
  let eye: ReturnType<typeof watch> | null = null;
  let wasFile = false;
  let closed = false;
  let going: Promise<void> = Promise.resolve();
  let stopQuiet = nothing;
  /** What a poll has found, to be confirmed by another. */
  let candidate: string | null = null;

  const say = (now: string | null): void => {
    if (problem === now) return;
    problem = now;
    onProblem();
  };
  const shut = async (): Promise<void> => {
    const had = eye;
    eye = null;
    await had?.close();
  };
  const openEye = (): void => {
    if (closed || eye !== null) return;
    eye = watch(path, { ignoreInitial: true });
    eye.on('add', quiet).on('change', quiet).on('unlink', quiet);
    // What has changed since the files were listed, and before the eye was open, nobody tells. A candidate is looked at again in any case.
    eye.on('ready', () => enqueue(() => (candidate === null ? look(false, true) : Promise.resolve())));
    eye.on('error', (thrown) => {
      say(errorSentence(toErrorInfo(fileError(thrown, path))));
      void shut();
    });
  };

  /** The files as they are; null where that can't be told, or where a whole folder is gone: a drive may come back with it. */
  const list = async (): Promise<string | null> => {
    try {
      const found = await listingOf(path, times.glob);
      if (found !== null) wasFile = found.has('');
      say(found === null ? `${path}: There is no such file or folder. It is looked for again.` : null);
      if (found === null) await shut();
      else openEye();
      return found === null && !wasFile && seen !== null ? null : seenText(found ?? new Map());
    } catch (thrown) {
      say(errorSentence(toErrorInfo(fileError(thrown, path))));
      await shut();
      return null;
    }
  };
  const look = async (first: boolean, mustStay: boolean): Promise<void> => {
    const now = await list();
    if (closed || now === null || now === seen) return;
    if (mustStay && candidate !== now) {
      candidate = now;
      stopQuiet();
      stopQuiet = timers.after(times.settleMs, () => enqueue(() => look(first, true)));
      return;
    }
    candidate = null;
    const old = seen;
    seen = now;
    if (old !== null && hasChanged(old, now, times.events)) onChange(now, first);
  };
  const enqueue = (work: () => Promise<void>): void => {
    going = going.then(() => (closed ? undefined : work()));
  };
  function quiet(): void {
    stopQuiet();
    if (!closed) stopQuiet = timers.after(times.settleMs, () => enqueue(() => look(false, false)));
  }

  enqueue(() => look(true, true));
  return {
    about: aboutOf(path, times),
    problem: () => problem,
    poll(all) {
      if (all || problem !== null) enqueue(() => look(false, true));
    },
    async close() {
      closed = true;
      stopQuiet();
      await going;
      await shut();
    },
  };
}
