import type { ConnectionKind, OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import type { EffectProof } from '#shared/events';
import type { JsonObject } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';
import type { Fusing } from '../engine/plan.ts';

export type { Fusing };

/** What a node may know while it says what it will do. Paths come back absolute: relative ones start at the workflow's folder. */
export interface NodeContext {
  readonly nodeId: string;
  readonly runId: string;
  /** When the run was asked for: what `{date}` in a path means. */
  readonly requestedAt: Date;
  resolve(path: string): string;
  /** A connection by its name, secrets and all, asked of the studio. Throws not_found, invalid_input where it is none of `kinds`, permission where its secrets can't be opened. */
  connection(name: string, kinds: readonly ConnectionKind[]): Promise<OpenConnection>;
  /** A folder of this run's own, inside what the session may touch, removed when the run ends. */
  readonly scratch: string;
  /** Runs a statement in the worker's session and returns its rows as JavaScript values (BIGINT as bigint). For sniffing and checks. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Columns of a SELECT, without running it. Throws StudioError('node_failed') with DuckDB's sentence. */
  columns(select: string): Promise<readonly Column[]>;
  /** What sniffing found, kept between runs by `key`; forgotten when `stamp` (size and time of the file) differs. */
  remember<T>(key: string, stamp: string, make: () => Promise<T>): Promise<T>;
  /** Throws StudioError('node_failed') naming the field unless the text is one SQL expression that gives one value for one row: no subquery, aggregate, window or table function. */
  checkExpression(text: string, field: string): Promise<void>;
  /**
   * Throws StudioError('node_failed') naming the field unless the text is one SELECT over `tables` and its own CTEs, without files
   * and without table functions that reach outside. Answers its parameters, written `$name`.
   */
  checkQuery(text: string, field: string, tables: readonly string[]): Promise<readonly { readonly name: string }[]>;
}

/** An input as a describing node sees it: something that may stand behind FROM, and its columns. */
export interface Input {
  /** A quoted name or a parenthesised SELECT: always fit for `FROM ${sql}`. */
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** Rows by input port. A port with several edges arrives as one relation; an unconnected optional port is missing. */
export type Inputs = Readonly<Record<string, Input>>;

/** How a sink puts the rows of its input `in` somewhere. */
export type Write =
  /** COPY (`select`) TO the temporary name that the data plane chooses, then a rename to `path`. `options` is COPY's option list, as for a new file: to one that has rows no second header is added. */
  | { readonly kind: 'copy'; readonly select: string; readonly path: string; readonly options: string; readonly append: boolean }
  /** The rows of `select` go to the run's console: the first `limit` of them, printed in `format`. */
  | { readonly kind: 'console'; readonly select: string; readonly limit: number; readonly format: 'table' | 'json' };

/** What is computed of each row by itself: a row whose computing fails can leave by the port `error` then, and the others go on. */
export interface Rowwise {
  /** An expression over the input's columns that fails for the rows that fail. */
  readonly tried: string;
  /** The rows of each output port, where `value` is what `tried` gave. */
  ports(value: string): Readonly<Record<string, { readonly list: string; readonly where: string }>>;
  /** A sentence for the failed rows. */
  readonly failure: string;
}

/** What a describing node answers. */
export interface Description {
  /** A SELECT by output port. A sink leaves it out. For `filter` nodes each is `SELECT * FROM input WHERE …`. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly write?: Write;
  /** The same as `outputs`, row by row. */
  readonly rowwise?: Rowwise;
  /** Counts worth telling, computed once the node has run: label → a SELECT of one number over the node's input or files. */
  readonly report?: Readonly<Record<string, string>>;
  /** Counts already known. */
  readonly counted?: Readonly<Record<string, number>>;
  /** Lines for the run's console. */
  readonly notices?: readonly string[];
  /** Of a source: rows it will give, exactly or by estimate (file size ÷ bytes a row); lets progress show a fraction. */
  readonly expectedRows?: number;
}

/** Rows between JavaScript and the columnar engine: column by column, values as the DuckDB client gives them (bigint for BIGINT). */
export interface Batch {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a streaming node may do besides passing rows on. */
export interface StreamContext extends NodeContext {
  readonly signal: AbortSignal;
  /** Counts from 1 within a run: above it, an earlier one may have done a part. */
  readonly attempt: number;
  /** A temporary name beside `path` that is renamed to it when the node has succeeded and removed when it has not. */
  stage(path: string): string;
  report(label: string, count: number): void;
  /**
   * To be awaited before something is done outside that a repeat would do twice: when it returns, the intent is in the journal. When the
   * node has succeeded it counts as done; when the process dies between, the run asks a person. `what`: a sentence that says what would
   * be sent twice; `rows`: how many rows it is about; `proof`: how to tell afterwards whether it has happened, where that can be told.
   */
  intend(effect: { readonly what: string; readonly rows: number; readonly proof?: EffectProof }): Promise<void>;
  console(line: string): void;
  /**
   * What is to be done once all work of the run is done, and not before: a source that reads from a queue moves its place in it. It is
   * written into the journal with the node's end and handed to `settle`, after a crash as well. The last call counts.
   */
  afterwards(what: JsonObject): void;
  /** What the node has told `afterwards` in an attempt of this run that had succeeded, and whose rows are gone: it is to give the same rows again. */
  readonly earlier: JsonObject | null;
}

/** What a node may do after the run's work. */
export type SettleContext = Pick<NodeContext, 'nodeId' | 'runId' | 'connection'> & { readonly signal: AbortSignal };

/** A text of a config that is SQL: what can be said of it without any data is said before a run. */
export interface SqlText {
  /** Its path in the config: `columns[2].expression`. */
  readonly field: string;
  /** As it will be put to the engine. */
  readonly text: string;
  /** `expression`: one that gives one value for one row. `query`: one SELECT over `tables`. */
  readonly kind: 'expression' | 'query';
  readonly tables?: readonly string[];
}

interface Base<C> {
  readonly spec: NodeSpec;
  fusing(config: C): Fusing;
  /** Does running it again with the same config and inputs give the same rows (or leave the same files)? By default as the spec says. */
  repeatable?(config: C): boolean;
  /** The files this node names, absolute or relative, globs allowed: what the session may touch. */
  files?(config: C, context: Pick<NodeContext, 'resolve' | 'requestedAt' | 'runId'>): { readonly reads?: readonly string[]; readonly writes?: readonly string[] };
  /** Checks beyond the form's: returns sentences with the field they belong to. Pure: the window's problems panel shows them too. */
  check?(config: C): readonly { readonly field: string; readonly message: string; readonly remedy?: string }[];
  /** The SQL in its config, which has passed `check`; `ports` are the inputs that something is connected to. Pure. */
  texts?(config: C, ports: ReadonlySet<string>): readonly SqlText[];
}

/** A node that describes: one SELECT over its inputs. */
export interface DescribingNode<C> extends Base<C> {
  describe(config: C, inputs: Inputs, context: NodeContext): Description | Promise<Description>;
}

/**
 * A node that does: an async iterator over batches, with backpressure. It yields nothing when it is a sink. Its input gives at least
 * one batch: without rows it still tells the columns. A source does the same for those after it.
 */
export interface StreamingNode<C> extends Base<C> {
  stream(config: C, input: AsyncIterable<Batch> | null, context: StreamContext): AsyncIterable<Batch>;
  /** Does what was told to `afterwards`, or finds it done: it may be asked twice. The run fails where it throws, and what its sinks have written stays. */
  settle?(config: C, what: JsonObject, context: SettleContext): Promise<void>;
}

/** A node that describes for some configs and does for others (COPY writes CSV, JavaScript writes XLSX). */
export type EitherNode<C> = DescribingNode<C> & StreamingNode<C>;

/** Which of the two is used for a config is told by `fusing(config)`: 'stream' means `stream`, anything else `describe`. */
export type AnyNode = DescribingNode<JsonObject> | StreamingNode<JsonObject> | EitherNode<JsonObject>;

/** Names the type of a node's config once and forgets it for the registry. Config arrives with defaults filled in and checked. */
export function describing<C>(node: DescribingNode<C>): AnyNode {
  return node as unknown as AnyNode;
}

/** As `describing`, for a node that runs in JavaScript. */
export function streaming<C>(node: StreamingNode<C>): AnyNode {
  return node as unknown as AnyNode;
}

/** As `describing`, for a node that has both ways. */
export function either<C>(node: EitherNode<C>): AnyNode {
  return node as unknown as AnyNode;
}
