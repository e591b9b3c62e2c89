import type { OpenConnection, TestReport } from '#shared/connections/connection';
import type { RowDifference } from '#shared/contract/runs';
import type { Column, ColumnProfile, Sample } from '#shared/data';
import type { ErrorInfo } from '#shared/errors';
import type { EffectProof, FileMark, KeptOutput, WrittenFile } from '#shared/events';
import type { NodeId, RunId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
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
  /** Where kept outputs rest, by the SHA-256 of their content: `<outputs>/ab/abcd….parquet`. */
  readonly outputs: string;
  /** What earlier attempts or an earlier run left: the worker says which of it still stands, and reads it back. Empty for a fresh run. */
  readonly past: readonly PastNode[];
  /** Failures that went to the port `error`: their rows are made again. */
  readonly diverted: readonly { readonly node: NodeId; readonly error: ErrorInfo }[];
  /** The worker makes a folder of the run's own inside it and removes it at `close`. */
  readonly scratch: string;
}

/** A node that had completed. Its key tells whether it would give the same rows again; `kept` are its outputs that rest by their content, `files` what a sink has written. */
export interface PastNode {
  readonly node: NodeId;
  readonly key: string | null;
  readonly kept: readonly KeptOutput[];
  readonly files: readonly Pick<WrittenFile, 'path' | 'mark'>[];
  /** What it had asked for in this very run: should it run again, it is to give the same rows. */
  readonly afterwards?: JsonObject;
}

/** What stands of the past, by last nodes of segments: `steady` ones would give the same again (a sink's files are there as they were written), `restored` ones have all their consumed ports back as tables. */
export interface Standing {
  readonly steady: readonly NodeId[];
  readonly restored: readonly NodeId[];
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
  /** Of the segment's last node; null for the others, and where a repeat may give other rows. */
  readonly key: string | null;
  /** What the segment's last node asks to be done after the run's work. */
  readonly afterwards?: JsonObject;
}

/** A file a sink has put under its final name (`path`), or an output that is kept under the name of its content (`port`, `hash`). */
export interface Output {
  readonly node: NodeId;
  readonly path: string | null;
  readonly port: string | null;
  readonly hash: string | null;
  readonly rows: number;
  readonly bytes: number;
  /** What the file was when it was put there. */
  readonly mark?: FileMark;
}

/** Things the window asks about a graph that is not running. */
export type Question =
  /** Columns of every node's outputs, as far as they can be known. */
  | { readonly kind: 'columns'; readonly graph: Graph }
  /** First rows of a node's output, and what its columns look like. */
  | { readonly kind: 'preview'; readonly graph: Graph; readonly node: NodeId; readonly port: string; readonly limit: number }
  /** Is this text one expression over the node's input, and what does it give on the first rows? */
  | { readonly kind: 'expression'; readonly graph: Graph; readonly node: NodeId; readonly text: string; readonly scope: 'condition' | 'scalar' | 'query'; readonly limit: number }
  /** Does this connection work? `folder`: where a relative path starts, absolute. */
  | { readonly kind: 'test'; readonly connection: OpenConnection; readonly folder: string }
  /** What two outputs do not share. */
  | { readonly kind: 'difference'; readonly left: RowsSource; readonly right: RowsSource; readonly limit: number };

/** Rows that are there already: a Parquet file (absolute), or a sample. */
export type RowsSource = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'sample'; readonly sample: Sample };

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
  readonly difference: Omit<RowDifference, 'basis'>;
  readonly test: TestReport;
  readonly expression: { readonly type: string; readonly values: readonly (string | null)[] };
}

export type ToWorker =
  /** Answered by `opened` where the job has a past. */
  | { readonly kind: 'open'; readonly job: Job }
  /** The intent is durable: the effect may happen. */
  | { readonly kind: 'proceed'; readonly runId: RunId; readonly effect: string }
  /** The node's failure becomes a row of its port `error`. */
  | { readonly kind: 'divert'; readonly runId: RunId; readonly node: NodeId; readonly error: ErrorInfo }
  | { readonly kind: 'segment'; readonly runId: RunId; readonly segment: string; readonly attempt: number }
  /** All work of the run is done: what the node has asked for then (`what`) is to be done, or to be found done. Answered by `settled`. */
  | { readonly kind: 'settle'; readonly runId: RunId; readonly node: NodeId; readonly what: JsonObject }
  /** Stops what runs, within a second, leaving no half file; the segment answers `failed` with code `cancelled`. */
  | { readonly kind: 'cancel'; readonly runId: RunId }
  /** The connection that a node has asked for. It overtakes what waits. */
  | { readonly kind: 'connection'; readonly id: number; readonly ok: true; readonly connection: OpenConnection }
  | { readonly kind: 'connection'; readonly id: number; readonly ok: false; readonly error: ErrorInfo }
  /** Drops the run's tables and scratch folder. Answered by `closed`, after the last sample was sent. */
  | { readonly kind: 'close'; readonly runId: RunId }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question | TextsQuestion; readonly scratch: string; readonly memoryLimitMb: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** A node needs a connection: answered by `connection`, wherever the worker is held. */
  | { readonly kind: 'connection'; readonly id: number; readonly name: string }
  | { readonly kind: 'opened'; readonly runId: RunId; readonly standing: Standing }
  /** Something is about to be done outside that a repeat would do twice: waits for `proceed`. `counts`: what the nodes of its segment will have counted once it has. `instead`: an effect announced before that has not happened and can't any more. */
  | { readonly kind: 'intend'; readonly runId: RunId; readonly segment: string; readonly attempt: number; readonly node: NodeId; readonly effect: string; readonly what: string; readonly rows: number; readonly proof: EffectProof | null; readonly counts?: readonly NodeResult[]; readonly instead?: string }
  | { readonly kind: 'progress'; readonly runId: RunId; readonly segment: string; readonly fraction: number | null; readonly nodes: readonly NodeProgress[] }
  | { readonly kind: 'console'; readonly runId: RunId; readonly node: NodeId; readonly lines: readonly string[] }
  | { readonly kind: 'done'; readonly runId: RunId; readonly segment: string; readonly attempt: number; readonly nodes: readonly NodeResult[]; readonly outputs: readonly Output[] }
  /** `node` is the culprit, as well as it can be told. */
  | { readonly kind: 'failed'; readonly runId: RunId; readonly segment: string; readonly attempt: number; readonly node: NodeId; readonly durationMs: number; readonly error: ErrorInfo }
  /** After `done`, so that looking never delays a run. */
  | { readonly kind: 'sample'; readonly runId: RunId; readonly node: NodeId; readonly port: string; readonly sample: Sample }
  /** `error`: why what it was to do after the run's work could not be done. */
  | { readonly kind: 'settled'; readonly runId: RunId; readonly node: NodeId; readonly error: ErrorInfo | null }
  | { readonly kind: 'closed'; readonly runId: RunId }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: ErrorInfo };

/** What crosses between the processes is one message or several at once, in their order. */
export function eachOf<T extends object>(said: T | readonly T[], listener: (message: T) => void): void {
  if (!Array.isArray(said)) return listener(said as T);
  for (const message of said as readonly T[]) listener(message);
}

/** What a segment sends while it runs. */
export type Send = (message: Extract<FromWorker, { kind: 'progress' | 'console' | 'intend' }>) => void;
