import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { shown } from '../sql/cells.ts';
import { badValue } from '../sql/failures.ts';
import type { Target } from './table.ts';

/** The rows on their way, in a temporary table with the columns c0, c1 …; `n` is a row's number, counted from 1. */
export const STAGE = 'temp.main.millrace_stage';

/** A value that its column would hold as another: a condition over the stage's column; null where no value can be. */
function misfit(index: number, from: string, to: string): string | null {
  // A FLOAT only comes near to what it is given: there it is what is meant.
  if (from === to || (to === 'FLOAT' && from === 'DOUBLE')) return null;
  const given = `c${index}`;
  const cast = `TRY_CAST(${given} AS ${to})`;
  // Texts are read, not kept: 2026-1-1 is a day as well as 2026-01-01.
  const changed = [from, to].some((type) => type === 'VARCHAR' || type === 'JSON') ? '' : ` OR TRY_CAST(${cast} AS ${from}) IS DISTINCT FROM ${given}`;
  return `${given} IS NOT NULL AND (${cast} IS NULL${changed})`;
}

interface Condition {
  readonly index: number;
  readonly sql: string;
  /** What is said of the value; `null` where there is none. */
  readonly why: string;
  readonly remedy: string;
}

function conditionsOf(columns: readonly Column[], target: Target): readonly Condition[] {
  return columns.flatMap(({ type }, index): Condition[] => {
    const column = target.columns[index];
    const found: Condition[] = [];
    const without = `c${index} IS NULL`;
    if (target.keys.includes(index)) found.push({ index, sql: without, why: 'a key of the upsert is NULL.', remedy: 'Give it a value before, or leave such rows out.' });
    else if (column?.required === true) found.push({ index, sql: without, why: 'it is NULL, which the column does not take (NOT NULL).', remedy: 'Give it a value before, or leave such rows out.' });
    const wrong = column === undefined ? null : misfit(index, type, column.type);
    if (wrong !== null) found.push({ index, sql: wrong, why: `does not fit the column’s type ${column?.type ?? ''}.`, remedy: 'Change it before, or change the column’s type in the table.' });
    return found;
  });
}

/** Throws for the first staged row with a value that its column can't hold as it is. `before`: rows that came earlier. */
export async function checkStage(connection: DuckDBConnection, columns: readonly Column[], target: Target, before: number): Promise<void> {
  const conditions = conditionsOf(columns, target);
  if (conditions.length === 0) return;
  const [found = []] = (await connection.runAndReadAll(`SELECT ${conditions.map(({ sql }) => `min(n) FILTER (WHERE ${sql})`).join(', ')} FROM ${STAGE}`)).getRows();
  const first = conditions.flatMap((condition, at) => (found[at] === null || found[at] === undefined ? [] : [{ ...condition, row: Number(found[at]) }])).toSorted((a, b) => a.row - b.row)[0];
  if (first === undefined) return;
  const [[value] = []] = (await connection.runAndReadAll(`SELECT CAST(c${first.index} AS VARCHAR) FROM ${STAGE} WHERE n = ${first.row}`)).getRows();
  const said = value === null || value === undefined ? first.why : `“${shown(value)}” ${first.why}`;
  throw badValue(target.place, before + first.row, columns[first.index]?.name ?? '', said, first.remedy);
}
