import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Graph } from '../dataplane/protocol.ts';
import type { Instant } from '../engine/record.ts';
import type { Journal } from '../journal/journal.ts';
import type { Listener } from './audience.ts';
import type { Commits } from './commits.ts';
import type { Lease } from './pool.ts';
import type { Waiting } from './queue.ts';
import type { SampleStore } from './samples.ts';

/** What a run needs of the executor around it. */
export interface World {
  readonly journal: Journal;
  readonly samples: SampleStore;
  readonly instant: () => Instant;
  readonly job: { readonly memoryLimitMb: () => number; readonly threads: number; readonly outputs: string; readonly scratch: string };
  /** Where the ends of runs are written. */
  readonly ends: Commits;
  /** A worker was ended in the middle of this run: what it left half-written is removed. */
  readonly clean: (graph: Graph, run: Run) => void;
  /** The run has ended and its samples are in. */
  readonly gone: (live: LiveRun) => void;
}

/** A run that has not ended, or whose samples are still coming. */
export interface LiveRun extends Waiting {
  readonly id: RunId;
  run(): Run;
  /** Writes the request alone: the run waits for a worker. Throws when the journal does. */
  request(): void;
  /** Writes what is to be written and starts on this worker. Throws when the request could not be written. */
  begin(lease: Lease): void;
  cancel(by: string): void;
  listen(listener: Listener): () => void;
  readonly closed: Promise<void>;
}
