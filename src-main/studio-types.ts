import type { LibraryEntry, OpenedWorkflow } from '#shared/contract/workflows';
import type { RowDifference, RunUpdate } from '#shared/contract/runs';
import type { Away, AwayChoice, RefusedSchedule, ScheduleView } from '#shared/contract/schedules';
import type { Connection, OpenConnection, TestReport } from '#shared/connections/connection';
import type { ConnectionView, MissingConnection, SecretStore } from '#shared/contract/connections';
import type { Settings, StudioInfo } from '#shared/contract/studio';
import type { Sample } from '#shared/data';
import type { PauseAnswer, RunOrigin, RunScope, Trigger } from '#shared/events';
import type { NodeId, RunId, ScheduleId, WorkflowId } from '#shared/ids';
import type { Json } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import type { Problem, Workflow } from '#shared/workflow/workflow';
import type { Answers } from './dataplane/protocol.ts';
import type { Limits, Retained } from './executor/retention.ts';
import type { Journal } from './journal/journal.ts';
import type { Registry } from './nodes/registry.ts';

/** What it takes to ask for a run. `file` is where the workflow was read from; relative paths start at `folder` (absolute). */
export interface RunRequest {
  readonly workflow: Workflow;
  readonly file: string | null;
  readonly folder: string;
  readonly trigger: Trigger;
  readonly scope: RunScope;
  /** Higher comes first; the workflow's own where it is left out. */
  readonly priority?: number;
  /** The run whose outputs are reused where node, config and inputs are the same. */
  readonly origin?: RunOrigin;
  /**
   * Appends what belongs to the request: it is written in the same transaction as WorkflowRequested, both or neither. Where it throws,
   * there is no run, and `start` throws the same.
   */
  readonly alongside?: (run: RunId) => void;
}

/** A workflow that is looked at, not run. */
export interface Draft {
  readonly workflow: Workflow;
  readonly folder: string;
}

/** An output of a run. */
export interface RowsOf {
  readonly run: RunId;
  readonly node: NodeId;
  readonly port: string;
}

/** What the executor is doing now. */
export interface Load {
  readonly running: number;
  readonly queued: number;
  /** Resident memory of the worker processes. */
  readonly memoryBytes: number;
}

/** What the executor promises to the api and the command line. */
export interface Executor {
  /**
   * Writes WorkflowRequested (durable when this returns) and queues the run. Throws invalid_workflow with one sentence a problem
   * as `detail` when a check of severity error fails: then nothing was written.
   */
  start(request: RunRequest): Promise<RunId>;
  /** What was found wrong with a workflow, and what is wrong with the SQL in it besides: errors first. */
  check(draft: Draft, found: readonly Problem[]): Promise<readonly Problem[]>;
  /** A run that has ended already stays as it is. Throws not_found for one that never was. */
  cancel(run: RunId, by: string): Promise<void>;
  /** Answers a paused run's question. Throws not_found, and conflict where the run is not paused. */
  answer(run: RunId, answer: PauseAnswer, by: string): Promise<void>;
  /** Everything since the run was asked for, then what comes, until it has ended and its samples are in. Throws not_found. */
  watch(run: RunId, signal?: AbortSignal): AsyncIterable<RunUpdate>;
  sample(run: RunId, node: string, port: string): Promise<Sample | null>;
  /** Questions go to a worker set aside for them: a long run does not hold them up. */
  columns(draft: Draft): Promise<Answers['columns']>;
  preview(draft: Draft, node: NodeId, port: string, limit: number): Promise<Answers['preview']>;
  expression(draft: Draft, node: NodeId, text: string, scope: 'condition' | 'scalar' | 'query', limit: number): Promise<Answers['expression']>;
  /** Which rows differ between two outputs: whole where both were kept, else of their samples. Throws not_found where a side has no rows. */
  difference(left: RowsOf, right: RowsOf, limit: number): Promise<RowDifference>;
  /** Tries a connection, in a worker. Relative paths start at `folder` (absolute). */
  test(connection: OpenConnection, folder: string): Promise<TestReport>;
  load(): Load;
  /** Runs that are going are interrupted and go on at the next start; returns when every worker has ended. */
  close(): Promise<void>;
}

export interface SavedFile {
  readonly id: WorkflowId;
  readonly revision: string;
  readonly path: string;
}

export interface LibraryChange {
  readonly id: WorkflowId;
  readonly change: 'added' | 'changed' | 'removed';
  readonly revision: string | null;
}

/** The person's workflow files, as the contract's `workflows` calls need them; see the contract for what each throws. */
export interface Library {
  list(): Promise<readonly LibraryEntry[]>;
  open(id: WorkflowId): Promise<OpenedWorkflow>;
  create(name: string, template?: string): Promise<SavedFile>;
  save(id: WorkflowId, workflow: Workflow, expectedRevision: string | null): Promise<SavedFile>;
  import(text: string, name: string): Promise<SavedFile & { readonly problems: readonly Problem[] }>;
  export(id: WorkflowId): Promise<{ readonly text: string; readonly fileName: string }>;
  delete(id: WorkflowId): Promise<void>;
  templates(): Promise<readonly { readonly id: string; readonly name: string; readonly description: string; readonly nodes: number }[]>;
  saveDraft(id: WorkflowId, draft: { readonly workflow: Workflow; readonly baseRevision: string; readonly history?: Json | undefined }): Promise<void>;
  discardDraft(id: WorkflowId): Promise<void>;
  /** Every readable workflow file, with what its `metadata` says of schedules (undefined where it says nothing). Throws io where the folder can't be read. */
  schedules(): Promise<readonly ScheduledFile[]>;
  /** Returns the way to stop. */
  subscribe(listener: (change: LibraryChange) => void): () => void;
  close(): Promise<void>;
}

export interface ScheduledFile {
  readonly workflowId: WorkflowId;
  readonly name: string;
  readonly path: string;
  /** Null where the file can't be read as a workflow just now: what was in force stays. */
  readonly revision: string | null;
  readonly schedule: Json | undefined;
}

/** What the machine is doing, as its host hears of it. `clockChanged`: the system's clock or zone was set. */
export type PowerEvent = 'suspend' | 'resume' | 'lock' | 'unlock' | 'onAc' | 'onBattery' | 'clockChanged';

/** What a tray shows. */
export interface SchedulerSummary {
  readonly next: { readonly scheduleId: ScheduleId; readonly workflowName: string; readonly at: number } | null;
  readonly allPaused: boolean;
  /** Schedules that are in force. */
  readonly scheduled: number;
}

/** The live clock around `occurrences`; what each call throws stands in the contract. One studio a data folder runs it. */
export interface Scheduler {
  /** False where this host runs no schedules: then all it does is answer. */
  readonly running: boolean;
  list(): Promise<ScheduleList>;
  pause(ids: readonly ScheduleId[], note: string): Promise<void>;
  resume(ids: readonly ScheduleId[]): Promise<void>;
  pauseAll(note: string): Promise<void>;
  resumeAll(): Promise<void>;
  runNow(id: ScheduleId): Promise<RunId>;
  /** Answers how many will run. */
  runMissed(id: ScheduleId, from: number, to: number, latestOnly: boolean): Promise<number>;
  away(): Away | null;
  settleAway(choices: Readonly<Record<string, AwayChoice>>): Promise<void>;
  summary(): SchedulerSummary;
  power(event: PowerEvent): void;
  /** Told after changes, several at once where they come together. Returns the way to stop. */
  subscribe(listener: (what: 'schedules' | 'away') => void): () => void;
  /** Resolves once the library has been looked at and what was missed is settled or held for a person. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}
export type ScheduleList = { readonly schedules: readonly ScheduleView[]; readonly refused: readonly RefusedSchedule[]; readonly allPaused: { readonly note: string; readonly at: number } | null; readonly running: boolean };

/** settings.json. `save` writes it atomically, then tells those who subscribed. */
export interface SettingsStore {
  get(): Settings;
  save(change: Partial<Settings>): Promise<Settings>;
  subscribe(listener: (settings: Settings) => void): () => void;
}

/**
 * Seals and opens texts; what a host brings so that secrets can rest in a file. `context` is what the text belongs to: one that was sealed for
 * another does not open. What is sealed says which box made it.
 */
export interface SecretBox {
  /** What it is, or why it can't seal. Asked again after `allowPlainText` has changed. */
  state(): Promise<SecretStore>;
  /** Throws permission where nothing can seal. */
  seal(text: string, context: string): Promise<string>;
  /** `stale`: it should be sealed again, as its key has been replaced or this box can do better by now. Throws permission where the key does not open it. */
  open(sealed: string, context: string): Promise<{ readonly text: string; readonly stale: boolean }>;
  /** What the person says to secrets in plain text; means nothing to a box that can always seal. */
  allowPlainText(allow: boolean): Promise<void>;
}

export interface ConnectionChange extends Connection {
  /** Its name before; null for a new one. */
  readonly previous: string | null;
  /** A text is sealed, null removes, left out stays. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** connections.json and secrets.json; see the contract for what each call throws. */
export interface Connections {
  /** Names and kinds, without a look at secrets or workflows. */
  all(): Promise<readonly Connection[]>;
  list(): Promise<{ connections: ConnectionView[]; store: SecretStore }>;
  save(change: ConnectionChange): Promise<ConnectionView>;
  delete(name: string): Promise<void>;
  test(change: ConnectionChange): Promise<TestReport>;
  /** Secrets and all: for workers only. Throws not_found, and permission where a secret can't be opened. */
  open(name: string): Promise<OpenConnection>;
  /** The connections that a workflow's nodes refer to and that are not here, or are of a kind that the node can't use. */
  missing(workflow: Workflow): Promise<readonly MissingConnection[]>;
  /** No longer allowed: those that rest so are removed. */
  allowPlainText(allow: boolean): Promise<SecretStore>;
}

/** A studio: everything a host's calls need. Opened by createStudio (studio.ts), closed once, parts in reverse order. */
export interface Studio {
  readonly journal: Journal;
  readonly executor: Executor;
  /** Opened at the first call: a run from the command line needs none. */
  library(): Promise<Library>;
  readonly settings: SettingsStore;
  /** Opened at the first call, or when a node first asks for one. */
  connections(): Promise<Connections>;
  readonly scheduler: Scheduler;
  readonly registry: Registry;
  readonly specs: readonly NodeSpec[];
  readonly info: StudioInfo;
  /** Every problem at once: the file's shape, the graph, the forms, each node's own `check`, and the SQL in them. */
  check(workflow: unknown): Promise<readonly Problem[]>;
  /** Removes the runs and kept outputs that the settings let go, or `limits` in their place. */
  retain(limits?: Partial<Limits>): Promise<Retained>;
  /** Where a workflow of the library lives; one that has no file yet starts its relative paths at the workflow folder. */
  placeOf(id: WorkflowId): Promise<{ readonly file: string | null; readonly folder: string }>;
  close(): Promise<void>;
}
