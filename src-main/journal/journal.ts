import type * as Shown from '#shared/contract/runs';
import type { NewEvent, StudioEvent } from '#shared/events';
import type { OccurrenceRow } from '#shared/contract/schedules';
import type { RunId, ScheduleId } from '#shared/ids';
import type { ScheduleState } from '#shared/schedule/state';
import type { Run, RunStatus } from '#shared/run/run';

/** `none`: the stream must not exist yet. `any`: the caller does not care. Otherwise the version of its last event. */
export type ExpectedVersion = number | 'none' | 'any';

export interface AppendOptions {
  readonly correlation?: string;
  readonly causation?: string;
}

export type LogLine = Readonly<Shown.LogLine>;

/** A row of the run list: a projection, rebuilt from the events to the same bytes. */
export type RunRow = Readonly<Shown.RunRow>;

export interface RunFilter {
  readonly status?: readonly RunStatus[];
  readonly workflowId?: string;
  readonly trigger?: string;
  /** Matched against workflow names and run ids. */
  readonly search?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface RunPage {
  readonly rows: readonly RunRow[];
  /** Of all rows the filter matches. */
  readonly total: number;
  /** Of all rows the filter matches but for its `status`: what each choice of status would show. */
  readonly counts: Readonly<Record<RunStatus, number>>;
}

/** A bar of a run's timeline: one attempt. A projection too. */
export interface TimelineRow {
  readonly run: string;
  readonly node: string;
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: string;
}

/** A day of one workflow: a projection. `day` is `2026-01-31`, in UTC; a run counts on the day it ended. */
export interface DayRow {
  readonly day: string;
  readonly workflowId: string;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of the runs that ended, summed. */
  readonly durationMs: number;
  readonly rowsOut: number;
}

/** Which runs go: those that ended before `endedBefore`, and of all that have ended every one but the newest `keep`. Null: no such bound. */
export interface RetentionRule {
  readonly endedBefore: number | null;
  readonly keep: number | null;
}

/** At most `limit` runs go at once; `at` and `id` are of the RunsRemoved that says so. */
export interface RemovalBatch {
  readonly limit: number;
  readonly at: number;
  readonly id: string;
}

/** A kept output that some run refers to. `endedAt`: of the run that ended last; null while one that refers to it has not ended. */
export interface KeptFile {
  readonly hash: string;
  readonly bytes: number;
  readonly endedAt: number | null;
}

export interface OccurrenceFilter {
  readonly scheduleId?: ScheduleId;
  readonly outcomes?: readonly OccurrenceRow['outcome'][];
  /** By nominal time, both inclusive; a range of missed ones counts where it touches. */
  readonly from?: number;
  readonly to?: number;
}

export interface OccurrencePage {
  readonly rows: readonly Readonly<OccurrenceRow>[];
  /** Of all rows the filter matches. */
  readonly total: number;
}

/** What `journal verify` found. `problems` is empty when all is well. */
export interface VerifyReport {
  readonly events: number;
  readonly streams: number;
  readonly snapshots: number;
  /** Events in links of the hash chain that hold: all of them, but for those older than the chain. */
  readonly chained: number;
  /** The chain's last hash, in hex: noted elsewhere, it tells whether anything before it was ever changed. Null without a chain. */
  readonly head: string | null;
  readonly problems: readonly string[];
}

export interface JournalStats {
  readonly events: number;
  readonly streams: number;
  readonly runs: number;
  readonly snapshots: number;
  readonly bytes: number;
  /** Events that are in the hash chain, and its last hash in hex. */
  readonly chained: number;
  readonly head: string | null;
}

/**
 * The event-sourced record. Nothing in the program knows a state that is not a fold of these events. Synchronous, because SQLite is
 * and because an append that has returned is durable to its class: FULL for run requests and terminal events, NORMAL elsewhere.
 */
export interface Journal {
  /** All or nothing. Throws StudioError('conflict') on a wrong version. An id that is there already is not written twice. */
  append(stream: string, expected: ExpectedVersion, events: readonly NewEvent[], options?: AppendOptions): readonly StudioEvent[];
  /**
   * Appends made inside `work`, which must not wait, share one durable commit; listeners hear of them after it. One that throws takes
   * back itself alone; when `together` itself throws because it can't commit, none has happened.
   */
  together<T>(work: () => T): T;
  /**
   * Appends made inside `work`, which must not wait, are all written or none is: where one fails, or `work` throws, nothing is, also where
   * somebody in between has caught it. Durable when this returns. Within `together` it shares that commit and takes back itself alone;
   * within another `atomic` it is a part of that one. Listeners hear of it afterwards.
   */
  atomic<T>(work: () => T): T;
  /** A stream's events after `afterVersion`, oldest first. */
  read(stream: string, afterVersion?: number, limit?: number): readonly StudioEvent[];
  /** All streams' events after `afterPosition`, in order of position. */
  readAll(afterPosition: number, limit: number): readonly StudioEvent[];
  /** Of the newest event; 0 when there is none. */
  lastPosition(): number;
  /** The state of a run: the newest usable snapshot and what follows it. `at` stops after the event of that version. */
  run(id: RunId, at?: number): Run | null;
  runs(filter: RunFilter, offset: number, limit: number): RunPage;
  /** Every schedule that has not been deleted, by id: a projection. */
  schedules(): readonly ScheduleState[];
  /** Also one that was deleted; null for one that never was. */
  schedule(id: ScheduleId): ScheduleState | null;
  /**
   * What became of occurrences, newest nominal time first: a projection. A (schedule, nominal time) fires at most once, and then stays so:
   * a further ScheduleFired, OccurrenceSkipped or OccurrenceBuffered for it throws conflict, and with it all that shares its commit through
   * `atomic`. So does an event of a schedule that was never created. Buffered ones become fired or skipped, skipped and missed ones may
   * still be buffered or fired. `count` of a missed range says how many of it nothing has become of since; with none left the row is gone.
   * What waits when its schedule is deleted is skipped. Rows outlive the runs they name.
   */
  occurrences(filter: OccurrenceFilter, offset: number, limit: number): OccurrencePage;
  /** Ids of the runs that have no terminal event, oldest first: what recovery looks at. */
  unfinished(): readonly RunId[];
  /** The last `count` runs of each workflow, newest first: the strip in the library. */
  lastRuns(count: number): Readonly<Record<string, readonly RunRow[]>>;
  timeline(run: RunId): readonly TimelineRow[];
  /** Daily statistics from the day `from` (`2026-01-31`) on, by day and workflow. */
  days(from: string): readonly DayRow[];
  /** Bounded: past the limit the oldest lines stay, the rest is counted, and one line says so. */
  log(run: RunId, lines: readonly LogLine[]): void;
  logs(run: RunId): readonly LogLine[];
  /** Called after each append with what was written. Returns the way to stop. */
  subscribe(listener: (events: readonly StudioEvent[]) => void): () => void;
  /**
   * Takes whole ended runs out, oldest first, with all that belongs to them but what they counted on their days, and answers which went:
   * none when no more are to go. One durable commit a call, so that the caller can let others in between; not inside `together`. A run
   * that has not ended by its own events stays, and so does one that can't be read.
   */
  remove(rule: RetentionRule, batch: RemovalBatch): readonly RunId[];
  /** Gives at most `pages` free pages back to the disk; false once there is nothing left to give, and the log beside the file is empty unless somebody reads it. */
  shrink(pages: number): boolean;
  /** Every kept output that a run in the journal gave or reused. */
  keptOutputs(): readonly KeptFile[];
  /** Drops the projections and snapshots and makes them again from the events. */
  rebuild(): { readonly events: number };
  verify(): VerifyReport;
  stats(): JournalStats;
  close(): void;
}
