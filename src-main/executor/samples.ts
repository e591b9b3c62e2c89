import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '#shared/data';

/** Node → port → the rows kept. */
export type RunSamples = Readonly<Record<string, Readonly<Record<string, Sample>>>>;

/** Samples of nodes' outputs: in memory while their run goes, then one JSON file a run. They are worth no fsync: losing one loses a look. */
export interface SampleStore {
  add(run: string, node: string, port: string, sample: Sample): void;
  /** Null where none is kept. */
  get(run: string, node: string, port: string): Promise<Sample | null>;
  /** It goes on: what was kept of it is added to, not replaced. */
  resume(run: string): void;
  /** What has come of a run that is going. */
  held(run: string): RunSamples;
  /** What is kept of a run; empty when nothing is. */
  all(run: string): Promise<RunSamples>;
  /** The run is over: its samples go to their file. Never throws: a full disk must not fail a run that is done. */
  keep(run: string): Promise<void>;
  /** Returns when all that was to be kept is written. */
  settled(): Promise<void>;
}

/** Characters up to which samples are written at once: handing so little to other threads costs more than writing it. */
const SMALL = 64 * 1024;

/** Rows, over all nodes, up to which writing may wait; for how long a pause, in milliseconds; and how many runs' may. */
const FEW = 2000;
const LATER_MS = 200;
const MOST = 500;

/** How a larger file ends while it is written. */
const HALF = '.json.tmp';
/** A run's own: what else a person keeps in a folder of that name is nobody's business. */
const OWN_HALF = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json\.tmp$/u;
/** Run ids come from outside too; only these may name a file. */
const FILE_SAFE = /^[\w-]{1,100}$/;

/** What a process that was killed had half written. */
function removeHalves(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (OWN_HALF.test(name)) rmSync(join(folder, name), { force: true });
  } catch {
    // The folder may not have been made yet.
  }
}

/** The folder is this store's alone, from now on. */
export function createSampleStore(folder: string): SampleStore {
  removeHalves(folder);
  const held = new Map<string, Record<string, Record<string, Sample>>>();
  const writing = new Set<Promise<void>>();
  let made = false;

  const write = async (run: string, samples: RunSamples): Promise<void> => {
    try {
      if (!made) mkdirSync(folder, { recursive: true });
      made = true;
      const file = join(folder, `${run}.json`);
      const text = JSON.stringify(samples);
      // Half of a small file is not to be seen: it is there before anybody else's turn comes.
      if (text.length < SMALL) writeFileSync(file, text);
      else {
        const half = join(folder, `${run}${HALF}`);
        await writeFile(half, text);
        await rename(half, file);
      }
    } catch {
      made = false;
    } finally {
      if (held.get(run) === samples) held.delete(run);
    }
  };

  const follow = async (done: Promise<void>): Promise<void> => {
    writing.add(done);
    await done;
    writing.delete(done);
  };

  /** Small samples of runs that follow each other closely are written when there is a pause: they are worth no delay of the next run. */
  const later = new Map<string, RunSamples>();
  let timer: NodeJS.Timeout | undefined;
  const writeLater = (): void => {
    clearTimeout(timer);
    const some = [...later];
    later.clear();
    void follow(oneByOne(some));
  };
  const oneByOne = async (some: readonly (readonly [string, RunSamples])[]): Promise<void> => {
    for (const [run, samples] of some) {
      await write(run, samples);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  };

  const all = async (run: string): Promise<RunSamples> => {
    const live = held.get(run);
    if (live !== undefined) return live;
    if (!FILE_SAFE.test(run)) return {};
    try {
      return JSON.parse(await readFile(join(folder, `${run}.json`), 'utf8')) as RunSamples;
    } catch {
      return {};
    }
  };

  return {
    add(run, node, port, sample) {
      const nodes = held.get(run) ?? (Object.create(null) as Record<string, Record<string, Sample>>);
      held.set(run, nodes);
      (nodes[node] ??= Object.create(null) as Record<string, Sample>)[port] = sample;
    },
    async get(run, node, port) {
      const kept = await all(run);
      const ports = Object.hasOwn(kept, node) ? kept[node] : undefined;
      return ports !== undefined && Object.hasOwn(ports, port) ? (ports[port] ?? null) : null;
    },
    resume(run) {
      const still = held.get(run);
      later.delete(run);
      // Another object: what is on its way to the file is dropped when it is there.
      if (still !== undefined) held.set(run, { ...still });
      if (still !== undefined || !FILE_SAFE.test(run)) return;
      try {
        held.set(run, JSON.parse(readFileSync(join(folder, `${run}.json`), 'utf8')) as Record<string, Record<string, Sample>>);
      } catch {
        // Nothing was kept.
      }
    },
    held: (run) => held.get(run) ?? {},
    all,
    keep(run) {
      const samples = held.get(run);
      if (samples === undefined) return Promise.resolve();
      const rows = Object.values(samples).flatMap((ports) => Object.values(ports)).reduce((sum, sample) => sum + sample.rows.length, 0);
      if (rows > FEW) return follow(write(run, samples));
      later.set(run, samples);
      clearTimeout(timer);
      if (later.size > MOST) writeLater();
      else timer = setTimeout(writeLater, LATER_MS).unref();
      return Promise.resolve();
    },
    async settled() {
      writeLater();
      await Promise.all(writing);
    },
  };
}
