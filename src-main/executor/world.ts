import type { PauseAnswer } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Graph } from '../dataplane/protocol.ts';
import type { Instant } from '../engine/record.ts';
import type { Journal } from '../journal/journal.ts';
import type { Listener } from './audience.ts';
import type { Commits } from './commits.ts';
import type { Look } from './effects.ts';
import type { FindOrigin } from './past.ts';
import type { Lease } from './pool.ts';
import type { Waiting } from './queue.ts';
import type { SampleStore } from './samples.ts';

/** What a run needs of the executor around it. */
export interface World {
  readonly journal: Journal;
  readonly samples: SampleStore;
  readonly instant: () => Instant;
  /** Milliseconds by a clock that never jumps. */
  readonly steady: () => number;
  readonly job: { readonly memoryLimitMb: () => number; readonly threads: number; readonly outputs: string; readonly scratch: string };
  /** Where the ends of runs are written. */
  readonly ends: Commits;
  readonly look: Look;
  readonly origin: FindOrigin;
  /** A worker was ended in the middle of this run: what it left half-written is removed. */
  readonly clean: (graph: Graph, run: Run) => void;
  /** It goes on as soon as there is a worker for it. `kept`: it has its place among those that run, only its worker is gone. */
  readonly wants: (live: LiveRun, kept: boolean) => void;
  /** It needs no worker any more, or not until a person has answered. */
  readonly leaves: (run: RunId) => void;
  /** Nothing more comes of it here, and its samples are in. */
  readonly gone: (run: RunId) => void;
  /** The journal did not take its events: they are lost, the run is not. */
  readonly stranded: (run: RunId) => void;
}

/** A run that has not ended, or whose samples are still coming. */
export interface LiveRun extends Waiting {
  readonly id: RunId;
  run(): Run;
  /** Writes the request alone: the run waits for a worker. Throws when the journal does. */
  request(): void;
  /** Writes what is to be written and starts, or goes on, on this worker. Throws when the request could not be written. */
  begin(lease: Lease): void;
  /** It was found in the journal: what an earlier process left open is settled. Throws when the journal does. */
  recover(): void;
  cancel(by: string): void;
  /** Throws conflict where the run is not paused. */
  answer(answer: PauseAnswer, by: string): void;
  /** Stops it where it is, so that it goes on in another process. */
  close(): Promise<void>;
  listen(listener: Listener): () => void;
  readonly closed: Promise<void>;
}
