import type { Column } from '#shared/data';
import { ERROR_PORT } from '#shared/workflow/graph';
import { outputOf, shortLineage } from './compile.ts';
import type { Compiled, Step } from './compile.ts';
import { tableKey, tableSql } from './open-run.ts';
import type { OpenRun } from './open-run.ts';
import { quoteName } from './quoting.ts';
import { untyped } from './session.ts';
import { throwIfCancelled } from './statements.ts';

/**
 * A table must give every column a type; where the SELECT had none and there are no rows, readers get the columns without one again. Of
 * rows that can fail one by one the SELECT may be of those that do: it fails then, and what it reads had rows, which have types.
 */
async function withoutTypes(run: OpenRun, step: Step, port: string, sql: string, columns: readonly Column[]): Promise<string> {
  const select = outputOf(step, port);
  const found = select === null ? new Set<string>() : await untyped(run.session, `(${select})`, columns).catch((error: unknown) => {
    throwIfCancelled(run);
    if (step.description?.rowwise === undefined) throw error;
    return new Set<string>();
  });
  const free = [...found].map((name) => `NULL AS ${quoteName(name)}`);
  return free.length === 0 ? sql : `(SELECT * REPLACE (${free.join(', ')}) FROM ${sql})`;
}

/** Remembers rows of a port that are there as `sql`; answers how many. */
export async function keep(run: OpenRun, compiled: Compiled, step: Step, port: string, sql: string): Promise<number> {
  const [columns, counted] = [await run.session.columns(`SELECT * FROM ${sql}`), await run.session.rows(`SELECT count(*) FROM ${sql}`)];
  const rows = Number(counted[0]?.[0] ?? 0);
  const readable = rows > 0 ? sql : await withoutTypes(run, step, port, sql, columns);
  run.store(tableKey(step.node, port), { sql: readable, columns: readable === sql ? columns : await run.session.columns(`SELECT * FROM ${readable}`), rows, lineage: shortLineage(`${compiled.lineage}\n${port}`) });
  return rows;
}

/** A column's name that none of the columns has. */
export function freeName(columns: readonly Column[], wanted: string): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  while (taken.has(name.toLowerCase())) name = `_${name}`;
  return name;
}

/** Tables that a segment's last node may have made besides those named for its ports. */
export const SPLIT = 'split';

/** Forgets what the segment's last node had given. */
export async function dropTables(run: OpenRun, compiled: Compiled): Promise<void> {
  const last = compiled.steps.at(-1);
  if (last === undefined) return;
  for (const port of [...last.implementation.spec.outputs.map((output) => output.name), ERROR_PORT, SPLIT]) {
    run.forget(tableKey(last.node, port));
    await run.session.run(`DROP TABLE IF EXISTS ${tableSql(last.node, port)}`).catch(() => undefined);
  }
}
