import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { JsonValue } from './json.ts';
import { fitted, see, seeText, typeOf } from './kinds.ts';
import type { Seen } from './kinds.ts';

export type JsonRow = { readonly [key: string]: JsonValue };

/** Finds out the columns of rows as they come, and turns rows into values of those columns. */
export interface Shape {
  add(rows: Iterable<JsonRow>, texts: boolean): void;
  columns(): readonly Column[];
  /** `first`: the number of the first of them, for what is said of a value that does not fit. */
  values(rows: readonly JsonRow[], first: number): readonly (readonly unknown[])[];
}

/** Objects that are used as dictionaries would become a table without end. */
const MOST_COLUMNS = 2000;

/** Names that differ in capitals only, and empty ones, are told apart: DuckDB does not. */
function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const wanted = name === '' ? `column${index + 1}` : name;
    let free = wanted;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${wanted}_${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** `given`: types of columns by name, which are not to be found out. A column that no row has is there all the same, NULL. */
export function createShape(given: Readonly<Record<string, string>>): Shape {
  const seen = new Map<string, Seen>(Object.keys(given).map((name) => [name, { flags: 0, scale: 0, whole: 0 }]));
  const columns = (): readonly Column[] => {
    const names = [...seen.keys()];
    const shown = distinct(names);
    return names.map((name, index) => ({ name: shown[index] ?? name, type: given[name]?.trim().toUpperCase() ?? typeOf(seen.get(name) ?? { flags: 0, scale: 0, whole: 0 }) }));
  };
  return {
    add(rows, texts) {
      for (const row of rows) {
        for (const name of Object.keys(row)) {
          let column = seen.get(name);
          if (column === undefined) {
            column = { flags: 0, scale: 0, whole: 0 };
            seen.set(name, column);
            if (seen.size > MOST_COLUMNS) throw new StudioError('node_failed', `The rows of the answer have more than ${MOST_COLUMNS.toLocaleString('en')} columns.`, { place: 'rows', remedy: 'Say where the rows are ($.items), or take the answer as text and read it with SQL.' });
          }
          const value = row[name] ?? null;
          if (texts && typeof value === 'string') seeText(column, value);
          else see(column, value);
        }
      }
    },
    columns,
    values(rows, first) {
      const names = [...seen.keys()];
      const types = columns().map((column) => column.type);
      return rows.map((row, at) => names.map((name, index) => fitted(Object.hasOwn(row, name) ? row[name] : null, types[index] ?? 'VARCHAR', name, first + at)));
    },
  };
}
