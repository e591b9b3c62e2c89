import type { Column } from '#shared/data';
import type { Batch, StreamContext } from '../define.ts';
import { column as named, failed } from '../sql.ts';

function pathColumn(columns: readonly Column[], chosen: string | undefined): number {
  if (chosen !== undefined) return columns.indexOf(named(columns, chosen, 'column'));
  for (const usual of ['path', 'file', 'value']) {
    const at = columns.findIndex((one) => one.name.toLowerCase() === usual);
    if (at >= 0) return at;
  }
  if (columns.length === 1) return 0;
  throw failed('column', 'None of the input’s columns is called path, file or value.', `Choose the column that holds the paths: ${columns.slice(0, 20).map((one) => one.name).join(', ')}.`);
}

/** The paths that the rows hold, as they arrive. A NULL is passed over and counted. */
export async function* pathsOf(input: AsyncIterable<Batch>, chosen: string | undefined, context: Pick<StreamContext, 'report'>, seen: { rows: number }): AsyncGenerator<string> {
  for await (const { columns, rows } of input) {
    if (columns.length === 0) continue;
    const at = pathColumn(columns, chosen);
    seen.rows += rows.length;
    for (const row of rows) {
      const path = row[at];
      if (typeof path === 'string') yield path;
      else if (path !== null && path !== undefined) throw failed('column', `The column “${columns[at]?.name ?? ''}” is ${columns[at]?.type ?? ''}, not text.`, 'Choose the column that holds the paths.');
      else context.report('rows without a path', 1);
    }
  }
}
