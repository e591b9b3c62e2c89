import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { nearest } from '#shared/workflow/nearest';

const SHOWN = 20;
const some = (names: readonly string[]): string => names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');

/** A value that its column can't hold. `row` counts from 1; `why` is a sentence. */
export const badValue = (place: string, row: number, column: string, why: string, remedy: string, cause?: unknown): StudioError =>
  new StudioError('node_failed', `Row ${row.toLocaleString('en')}, column “${column}”: ${why}`, { place, remedy, ...(cause === undefined ? {} : { cause }) });

/** What to do about a name that no table has: the one that was probably meant, or all there are. */
export function tableRemedy(table: string, known: readonly string[]): string {
  const near = nearest(table, known);
  if (near !== null) return `Did you mean “${near}”?`;
  return known.length === 0 ? 'The database has no tables yet.' : `The tables are: ${some(known)}.`;
}

/** There is no such table to write to. `known`: the tables that are there. */
export const noTable = (place: string, table: string, known: readonly string[]): StudioError =>
  new StudioError('node_failed', `There is no table “${table}”.`, { place, remedy: `${tableRemedy(table, known)} To make a new table, turn on “Create the table”.` });

/**
 * Where each column of the rows goes: positions in `table`, by name; case matters only where two differ by it. Throws node_failed for a
 * column that the table has not, and for two that go to the same.
 */
export function matchColumns(rows: readonly Column[], table: readonly string[], tableName: string, place: string): readonly number[] {
  const taken = new Map<number, string>();
  return rows.map(({ name }) => {
    const exact = table.indexOf(name);
    const at = exact >= 0 ? exact : table.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    if (at < 0) {
      const near = nearest(name, table);
      throw new StudioError('node_failed', `The table “${tableName}” has no column “${name}”.`, { place, remedy: `${near === null ? '' : `Did you mean “${near}”? `}Its columns are: ${some(table)}. Rename or remove the column before this node.` });
    }
    const other = taken.get(at);
    if (other !== undefined) throw new StudioError('node_failed', `The columns “${other}” and “${name}” would both be written to “${table[at] ?? ''}”.`, { place, remedy: 'Rename or remove one of them before this node.' });
    taken.set(at, name);
    return at;
  });
}

/** The keys as positions among the columns of the rows. Throws node_failed for a key that they have not. */
export function matchKeys(keys: readonly string[], rows: readonly Column[], place: string): readonly number[] {
  return keys.map((key) => {
    const exact = rows.findIndex(({ name }) => name === key);
    const at = exact >= 0 ? exact : rows.findIndex(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (at >= 0) return at;
    const names = rows.map(({ name }) => name);
    const near = nearest(key, names);
    throw new StudioError('node_failed', `The rows have no column “${key}” to be a key.`, { place, remedy: near === null ? `Their columns are: ${some(names)}.` : `Did you mean “${near}”?` });
  });
}
