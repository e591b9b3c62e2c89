import { ERROR_PORT } from '#shared/workflow/graph';
import type { Input, Rowwise } from '../nodes/define.ts';
import type { Compiled, Step } from './compile.ts';
import { contextFor } from './context.ts';
import type { Ended } from './ended.ts';
import { failedRows, inputOf } from './error-port.ts';
import { tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { quoteName } from './quoting.ts';
import { interruptible } from './statements.ts';
import { freeName, keep, SPLIT } from './tables.ts';

/** A node whose rows can fail one by one. */
export interface Trying {
  readonly step: Step;
  readonly input: Input;
  readonly rowwise: Rowwise;
}

/** A row's expression within brackets that catch its failure: a list of its one value, or NULL. */
const tried = (expression: string): string => `TRY([${expression}])`;

/** Can the failures of single rows be told apart? Not of an expression that asks chance, or that calls error(): the engine refuses to try those. */
export async function tryingOf(run: OpenRun, step: Step): Promise<Trying | null> {
  const input = inputOf(step.inputs);
  const rowwise = step.description?.rowwise;
  if (input === null || rowwise === undefined) return null;
  try {
    await contextFor(run.context, step.node).columns(`SELECT ${tried(rowwise.tried)} AS value FROM ${input.sql}`);
    return { step, input, rowwise };
  } catch {
    return null;
  }
}

/** One table of the input's rows with what was computed for each; the ports, `error` among them, are parts of it. All are counted, whoever reads them. */
export async function splitTried(run: OpenRun, compiled: Compiled, { step, input, rowwise }: Trying): Promise<Ended> {
  const table = tableSql(step.node, SPLIT);
  const mark = quoteName(freeName(input.columns, '__tried'));
  await interruptible(run, () => run.session.run(`CREATE OR REPLACE TABLE ${table} AS SELECT *, ${tried(rowwise.tried)} AS ${mark} FROM ${input.sql}`));
  const rowsOut: Record<string, number> = {};
  for (const [port, { list, where }] of Object.entries(rowwise.ports(`${mark}[1]`))) rowsOut[port] = await keep(run, compiled, step, port, `(SELECT ${list} FROM ${table} WHERE ${mark} IS NOT NULL AND (${where}))`);
  rowsOut[ERROR_PORT] = await keep(run, compiled, step, ERROR_PORT, `(${failedRows(input.columns, table, `${mark} IS NULL`, step.node, { code: 'node_failed', message: rowwise.failure })})`);
  const rowsIn = compiled.originRows ?? 0;
  return { counts: [{ rowsIn, rowsOut: 0, share: 1 }], rowsOut, outputs: [] };
}
