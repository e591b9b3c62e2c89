import type { NodeId } from '#shared/ids';
import { StudioError } from '#shared/errors';
import { ERROR_PORT } from '#shared/workflow/graph';
import type { Input, Inputs } from '../nodes/define.ts';
import { contextFor } from './context.ts';
import { inputOf, wholeFailure } from './error-port.ts';
import { edgesInto } from './graph-index.ts';
import type { GraphEdge } from './graph-index.ts';
import { inferInputs } from './infer.ts';
import { tableKey, tableSql } from './open-run.ts';
import type { OpenRun, StoredTable } from './open-run.ts';
import { unionOf } from './quoting.ts';
import { VOLATILE } from './volatile.ts';

/** What a node's inputs are as tables of the run. */
export interface FromTables {
  readonly inputs: Inputs;
  readonly rows: number;
  readonly lineage: string;
}

/** The input whose columns a failed node's row has: of its tables where they are there, else as far as it can be told. */
async function columnsBefore(run: OpenRun, node: NodeId): Promise<Input | null> {
  try {
    return inputOf((await inputsFromTables(run, node)).inputs);
  } catch {
    const { context, registry, index } = run;
    return inferInputs({ context, registry, index, outputs: new Map() }, node).then(inputOf, () => null);
  }
}

/** The one row of a failed node's port `error`; null where its failure is not diverted. Made once. */
export async function failureTable(run: OpenRun, node: NodeId): Promise<StoredTable | null> {
  const key = tableKey(node, ERROR_PORT);
  const error = run.diverted.get(node);
  const made = run.tables.get(key);
  if (made !== undefined || error === undefined) return made ?? null;
  const sql = tableSql(node, ERROR_PORT);
  const before = await columnsBefore(run, node);
  await run.session.run(`CREATE OR REPLACE TABLE ${sql} AS ${wholeFailure(before, node, error)}`);
  const table: StoredTable = { sql, columns: await run.session.columns(`SELECT * FROM ${sql}`), rows: 1, lineage: `failure ${run.job.runId} ${node} ${VOLATILE}` };
  run.store(key, table);
  return table;
}

/** A diverted failure is made a row when it is asked for: then what its columns come from is there. */
async function stored(run: OpenRun, { source, sourcePort }: GraphEdge): Promise<readonly StoredTable[]> {
  const found = run.tables.get(tableKey(source, sourcePort)) ?? (sourcePort === ERROR_PORT ? await failureTable(run, source) : null);
  return found === null ? [] : [found];
}

/** The inputs of a node that earlier segments have made. Throws internal where one is not there. */
export async function inputsFromTables(run: OpenRun, id: NodeId): Promise<FromTables> {
  const context = contextFor(run.context, id);
  const edges = edgesInto(run.index, id);
  const inputs: Record<string, Input> = {};
  let rows = 0;
  const lineage: string[] = [];
  for (const port of new Set(edges.map((edge) => edge.targetPort))) {
    const tables: StoredTable[] = [];
    for (const edge of edges) if (edge.targetPort === port) tables.push(...(await stored(run, edge)));
    const [only] = tables;
    if (only === undefined) throw new StudioError('internal', `Nothing was computed for the input “${port}”.`, { place: id });
    rows += tables.reduce((sum, table) => sum + table.rows, 0);
    lineage.push(...tables.map((table) => table.lineage));
    if (tables.length === 1) inputs[port] = { sql: only.sql, columns: only.columns };
    else {
      const sql = unionOf(tables.map((table) => table.sql));
      inputs[port] = { sql, columns: await context.columns(`SELECT * FROM ${sql}`) };
    }
  }
  return { inputs, rows, lineage: lineage.join('\n') };
}
