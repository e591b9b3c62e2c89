import type { Column, ColumnProfile, Sample } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import type { NodeId, RunId } from '#shared/ids';
import type { WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';
import type { Plan } from '../engine/plan.ts';
import type { SqlText } from '../nodes/define.ts';

/** A graph as a worker needs it. Ports are filled in, defaults of configs too. */
export interface Graph {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly (WorkflowEdge & { readonly sourcePort: string; readonly targetPort: string })[];
  /** Relative paths start here: the folder of the workflow's file. Absolute. */
  readonly folder: string;
}

/** A run handed to a worker, which holds it to its end: its tables live in that worker's session. */
export interface Job {
  readonly runId: RunId;
  readonly requestedAt: number;
  readonly graph: Graph;
  readonly plan: Plan;
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** The worker makes a folder of the run's own inside it and removes it at `close`. */
  readonly scratch: string;
}

/** Counts while a segment runs. `estimated` until the segment is done: then they are exact. */
export interface NodeProgress {
  readonly node: NodeId;
  readonly rowsIn: number;
  readonly rowsOut: Readonly<Record<string, number>>;
  readonly estimated: boolean;
  readonly rowsPerSecond: number;
}

export interface NodeResult {
  readonly node: NodeId;
  readonly rowsIn: number;
  readonly rowsOut: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly report: Readonly<Record<string, number>>;
}

/** A file a sink has put under its final name. */
export interface Output {
  readonly node: NodeId;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Things the window asks about a graph that is not running. */
export type Question =
  /** Columns of every node's outputs, as far as they can be known. */
  | { readonly kind: 'columns'; readonly graph: Graph }
  /** First rows of a node's output, and what its columns look like. */
  | { readonly kind: 'preview'; readonly graph: Graph; readonly node: NodeId; readonly port: string; readonly limit: number }
  /** Is this text one expression over the node's input, and what does it give on the first rows? */
  | { readonly kind: 'expression'; readonly graph: Graph; readonly node: NodeId; readonly text: string; readonly scope: 'condition' | 'scalar' | 'query'; readonly limit: number };

/** The SQL texts of a workflow's nodes: which of them can be refused without any data? `job` is the run they belong to, so that the session it will use is opened. */
export interface TextsQuestion {
  readonly kind: 'texts';
  readonly texts: readonly NamedText[];
  readonly job: Job | null;
}

export interface NamedText extends SqlText {
  readonly node: NodeId;
}

export interface RefusedText {
  readonly node: NodeId;
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Answers {
  readonly texts: readonly RefusedText[];
  readonly columns: { readonly [node: string]: { readonly [port: string]: readonly Column[] } };
  readonly preview: { readonly sample: Sample; readonly profile: readonly ColumnProfile[] };
  readonly expression: { readonly type: string; readonly values: readonly (string | null)[] };
}

export type ToWorker =
  | { readonly kind: 'open'; readonly job: Job }
  | { readonly kind: 'segment'; readonly runId: RunId; readonly segment: string; readonly attempt: number }
  /** Stops what runs, within a second, leaving no half file; the segment answers `failed` with code `cancelled`. */
  | { readonly kind: 'cancel'; readonly runId: RunId }
  /** Drops the run's tables and scratch folder. Answered by `closed`, after the last sample was sent. */
  | { readonly kind: 'close'; readonly runId: RunId }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question | TextsQuestion; readonly scratch: string; readonly memoryLimitMb: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly runId: RunId; readonly segment: string; readonly fraction: number | null; readonly nodes: readonly NodeProgress[] }
  | { readonly kind: 'console'; readonly runId: RunId; readonly node: NodeId; readonly lines: readonly string[] }
  | { readonly kind: 'done'; readonly runId: RunId; readonly segment: string; readonly attempt: number; readonly nodes: readonly NodeResult[]; readonly outputs: readonly Output[] }
  /** `node` is the culprit, as well as it can be told. */
  | { readonly kind: 'failed'; readonly runId: RunId; readonly segment: string; readonly attempt: number; readonly node: NodeId; readonly durationMs: number; readonly error: ErrorInfo }
  /** After `done`, so that looking never delays a run. */
  | { readonly kind: 'sample'; readonly runId: RunId; readonly node: NodeId; readonly port: string; readonly sample: Sample }
  | { readonly kind: 'closed'; readonly runId: RunId }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: ErrorInfo };

/** What crosses between the processes is one message or several at once, in their order. */
export function eachOf<T extends object>(said: T | readonly T[], listener: (message: T) => void): void {
  if (!Array.isArray(said)) return listener(said as T);
  for (const message of said as readonly T[]) listener(message);
}

/** What a segment sends while it runs. */
export type Send = (message: Extract<FromWorker, { kind: 'progress' | 'console' }>) => void;
