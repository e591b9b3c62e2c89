import type { Column, Sample } from '#shared/data';
import type { NodeId } from '#shared/ids';
import { ERROR_PORT } from '#shared/workflow/graph';
import { outputOf } from './compile.ts';
import type { Compiled, Step } from './compile.ts';
import { tableKey } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import type { NodeResult } from './protocol.ts';
import { quoteName } from './quoting.ts';
import type { Session } from './session.ts';
import { isVolatile } from './volatile.ts';

/** Rows a sample holds at most. */
export const SAMPLE_ROWS = 1000;
/** Rows of the origin that are looked through for it. */
const LOOKED_AT = 20_000;
/** How long to look further for rows that a filter passed but the first ones don't hold, in milliseconds. */
const FURTHER_MS = 1000;

/** The first rows of a SELECT in DuckDB's own text. */
export async function sampleOf(session: Session, select: string, columns: readonly Column[], limit: number): Promise<Sample['rows']> {
  if (columns.length === 0) return [];
  const list = columns.map((column, index) => `CAST(${quoteName(column.name)} AS VARCHAR) AS c${index}`).join(', ');
  return (await session.rows(`SELECT ${list} FROM (${select}) LIMIT ${limit}`)) as Sample['rows'];
}

async function withBudget<T>(run: OpenRun, ms: number, work: () => Promise<T>): Promise<T | null> {
  const interrupt = (): void => run.session.connection.interrupt();
  run.interrupts.add(interrupt);
  const timer = setTimeout(interrupt, ms);
  try {
    return await work();
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    run.interrupts.delete(interrupt);
  }
}

interface Wanted {
  /** Of its step in the segment. */
  readonly place: number;
  readonly node: NodeId;
  readonly port: string;
  readonly select: string;
  readonly columns: readonly Column[];
  readonly rows: number;
}

async function columnsOf(run: OpenRun, compiled: Compiled, index: number, select: string): Promise<readonly Column[]> {
  const next: Step | undefined = compiled.steps[index + 1];
  const known = next === undefined ? undefined : Object.values(next.inputs)[0]?.columns;
  return known ?? run.context.memory.remember(`columns ${run.context.stamp()} ${select}`, '', () => run.session.columns(select));
}

async function wantedOf(run: OpenRun, compiled: Compiled, results: readonly NodeResult[]): Promise<readonly Wanted[]> {
  const wanted: Wanted[] = [];
  for (const [index, step] of compiled.steps.entries()) {
    const counted = results.find((result) => result.node === step.node)?.rowsOut ?? {};
    const ports = [...step.implementation.spec.outputs.map(({ name }) => name), ...(run.tables.has(tableKey(step.node, ERROR_PORT)) ? [ERROR_PORT] : [])];
    for (const port of ports) {
      const kept = run.tables.get(tableKey(step.node, port));
      const select = kept === undefined ? outputOf(step, port) : `SELECT * FROM ${kept.sql}`;
      if (select !== null) wanted.push({ place: index, node: step.node, port, select, columns: kept?.columns ?? (await columnsOf(run, compiled, index, select)), rows: kept?.rows ?? counted[port] ?? 0 });
    }
  }
  return wanted;
}

const EMPTY: Sample['rows'] = [];

/** Small samples of work that is done again and again are looked up, not looked for: rows up to which, and how many of them. */
const KEEP_UP_TO = 200;
const KEPT = 256;
const samplesKept = new Map<string, Sample['rows']>();

function keepSample(key: string, rows: Sample['rows']): void {
  samplesKept.delete(key);
  samplesKept.set(key, rows);
  const [oldest] = samplesKept.keys();
  if (samplesKept.size > KEPT && oldest !== undefined) samplesKept.delete(oldest);
}

/** Nodes between two tables of first rows: a statement is read anew for every node that stands in it. */
const BETWEEN = 8;

/** The first rows of the origin, and of every eighth node behind it, as tables: what stands on them is looked at in short statements. */
class FirstRows {
  readonly #run: OpenRun;
  readonly #compiled: Compiled;
  readonly #tables: string[] = [];
  /** What is replaced in a statement, by which table, and the step that gives it; -1 is the origin. */
  #base: { readonly sql: string; readonly table: string; readonly at: number } | null = null;

  constructor(run: OpenRun, compiled: Compiled) {
    this.#run = run;
    this.#compiled = compiled;
  }

  async #table(select: string): Promise<string> {
    const name = `first_rows_${this.#tables.length}`;
    await this.#run.session.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`);
    this.#tables.push(name);
    return `temp.${name}`;
  }

  /** The statement over the first rows, for a step of that place in the segment. Places are asked for in order. */
  async over(select: string, origin: string, place: number): Promise<string> {
    this.#base ??= { sql: origin, table: await this.#table(`SELECT * FROM ${origin} LIMIT ${LOOKED_AT}`), at: -1 };
    if (place - this.#base.at > BETWEEN) {
      const before = Object.values(this.#compiled.steps[place]?.inputs ?? {})[0]?.sql;
      if (before?.includes(this.#base.sql) === true) this.#base = { sql: before, table: await this.#table(`SELECT * FROM ${before.replaceAll(this.#base.sql, this.#base.table)}`), at: place - 1 };
    }
    return `(${select})` === this.#base.sql ? `SELECT * FROM ${this.#base.table}` : select.replaceAll(this.#base.sql, this.#base.table);
  }

  async drop(): Promise<void> {
    for (const name of this.#tables) await this.#run.session.run(`DROP TABLE IF EXISTS temp.${name}`);
  }
}

/**
 * A sample of every output of a segment that has run: its tables' first rows, and for what was fused the same statements over the first
 * 20,000 rows of the origin. Where a filter passed rows and none is among those, it looks further for a second at most.
 */
export async function* samplesOf(run: OpenRun, compiled: Compiled, results: readonly NodeResult[]): AsyncGenerator<{ readonly node: NodeId; readonly port: string; readonly sample: Sample }> {
  const { origin } = compiled;
  const first = new FirstRows(run, compiled);
  const further = async ({ select, columns }: Wanted): Promise<Sample['rows']> => (await withBudget(run, FURTHER_MS, () => sampleOf(run.session, select, columns, SAMPLE_ROWS))) ?? EMPTY;
  const look = async (one: Wanted): Promise<Sample['rows']> => {
    if (origin === null || run.tables.has(tableKey(one.node, one.port)) || !(`(${one.select})` === origin || one.select.includes(origin))) return further(one);
    const rows = await sampleOf(run.session, await first.over(one.select, origin, one.place), one.columns, SAMPLE_ROWS);
    return rows.length > 0 || one.rows === 0 ? rows : further(one);
  };
  try {
    for (const one of await wantedOf(run, compiled, results)) {
      if (run.abort.signal.aborted) break;
      const key = `${compiled.lineage}\n${one.node} ${one.port}`;
      const rows = samplesKept.get(key) ?? (await look(one));
      if (rows.length <= KEEP_UP_TO && !isVolatile(compiled.lineage)) keepSample(key, rows);
      yield { node: one.node, port: one.port, sample: { columns: [...one.columns], rows: [...rows], partial: one.rows > rows.length } };
    }
  } finally {
    await first.drop();
  }
}
