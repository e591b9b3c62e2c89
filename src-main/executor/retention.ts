import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Settings } from '#shared/contract/studio';
import { runStream } from '#shared/events';
import type { RunId } from '#shared/ids';
import { keptOutputs } from '#shared/run/run';
import type { Journal } from '../journal/journal.ts';
import { sweepOutputs } from './outputs-sweep.ts';

/** What a retention has removed. Sizes in bytes, over journal, payloads, samples and kept outputs. */
export interface Retained {
  readonly runs: number;
  readonly outputs: number;
  readonly freedBytes: number;
}

/** How much stays. Null: all of it. */
export type Limits = Pick<Settings, 'keepDays' | 'keepRuns' | 'keepOutputsDays'>;

export interface Retention {
  /** Removes what the settings, or `limits` in their place, let go. One at a time: a second call begins when the first is done. */
  retain(limits?: Partial<Limits>): Promise<Retained>;
  /** Stops what is going after its next step; what is left goes another time. Returns when it has stopped. */
  close(): Promise<void>;
}

export interface RetentionOptions {
  readonly journal: Journal;
  readonly dataDir: string;
  readonly settings: () => Limits;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly id: () => string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Runs that go in one commit, and pages given back at once: others have their turn in between. */
const BATCH = 20;
const PAGES = 512;
/** A run's own file: what else a person keeps in a folder of that name is nobody's business. */
const SAMPLES = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json(?:\.tmp)?$/u;
/** Files looked at before others have their turn. */
const LOOKS = 100;

/**
 * Keeps the data folder from growing for ever: whole ended runs go, with samples and outputs that nothing refers to any more. The journal
 * goes first, then the files, so that a crash in between leaves files that nobody names: the first call of the next process finds them.
 * Nothing of a run that has not ended is touched, nor what was opened from files.
 */
export function createRetention({ journal, dataDir, settings, clock, id }: RetentionOptions): Retention {
  const samples = join(dataDir, 'samples');
  let swept = false;
  const stop = new AbortController();
  const closing = (): boolean => stop.signal.aborted;
  let turn: Promise<unknown> = Promise.resolve();

  /** Answers its size: 0 where there was none. */
  const dropSamples = async (name: string): Promise<number> => {
    if (basename(name) !== name) return 0;
    const path = join(samples, name);
    const bytes = await stat(path).then((found) => found.size).catch(() => 0);
    await rm(path, { force: true });
    return bytes;
  };

  const removeRuns = async (limits: Limits): Promise<{ readonly runs: number; readonly bytes: number }> => {
    const rule = { endedBefore: limits.keepDays === null ? null : clock() - limits.keepDays * DAY_MS, keep: limits.keepRuns };
    let [runs, bytes] = [0, 0];
    if (rule.endedBefore === null && rule.keep === null) return { runs, bytes };
    for (;;) {
      if (closing()) return { runs, bytes };
      const gone = journal.remove(rule, { limit: BATCH, at: clock(), id: id() });
      if (gone.length === 0) return { runs, bytes };
      runs += gone.length;
      for (const run of gone) bytes += await dropSamples(`${run}.json`);
      await breathe();
    }
  };

  /** Samples of runs that the journal does not know, left by a process that ended between the two. */
  const sweepSamples = async (): Promise<number> => {
    let [bytes, looks] = [0, 0];
    for (const name of await readdir(samples).catch(() => [])) {
      if (closing()) return bytes;
      const run = SAMPLES.exec(name)?.[1];
      if (run === undefined) continue;
      if (journal.read(runStream(run), 0, 1).length === 0) bytes += await dropSamples(name);
      if (++looks % LOOKS === 0) await breathe();
    }
    return bytes;
  };

  /** Outputs that a run which has not ended may still take over from the one it continues. */
  const wanted = async (): Promise<ReadonlySet<string>> => {
    const origins = new Set<RunId>();
    let looks = 0;
    for (const run of journal.unfinished()) {
      const [request] = journal.read(runStream(run), 0, 1);
      if (request?.type === 'WorkflowRequested' && request.data.origin !== null) origins.add(request.data.origin.run);
      if (++looks % LOOKS === 0) await breathe();
    }
    return new Set([...origins].flatMap((run) => Object.values(journal.run(run)?.nodes ?? {}).flatMap((node) => keptOutputs(node).map((output) => output.hash))));
  };

  const work = async (limits: Limits): Promise<Retained> => {
    if (closing()) return { runs: 0, outputs: 0, freedBytes: 0 };
    const sizes = async (): Promise<number> => journal.stats().bytes + (await folderBytes(join(dataDir, 'payloads')));
    const before = await sizes();
    const named = new Set(journal.keptOutputs().map((file) => file.hash));
    const removed = await removeRuns(limits);
    const orphans = swept ? 0 : await sweepSamples();
    swept = true;
    const endedBefore = limits.keepOutputsDays === null ? null : clock() - limits.keepOutputsDays * DAY_MS;
    if (closing()) return { runs: removed.runs, outputs: 0, freedBytes: removed.bytes + orphans };
    const stay = await wanted();
    // Asked last: what a run has kept meanwhile counts.
    const outputs = await sweepOutputs(join(dataDir, 'outputs'), { kept: journal.keptOutputs(), named, wanted: stay, endedBefore, now: clock() });
    while (!closing() && journal.shrink(PAGES)) await breathe();
    return { runs: removed.runs, outputs: outputs.files, freedBytes: Math.max(0, before - (await sizes())) + removed.bytes + orphans + outputs.bytes };
  };

  return {
    retain(limits = {}) {
      const mine = turn.then(() => work({ ...settings(), ...limits }));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      stop.abort();
      await turn;
    },
  };
}

/** Of all files in a folder and those below it; 0 where there is none. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (entry.isFile()) bytes += await stat(join(entry.parentPath, entry.name)).then((found) => found.size).catch(() => 0);
  }
  return bytes;
}
