import { DuckDBDateValue, DuckDBIntervalValue, DuckDBTimestampValue, DuckDBTimeValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { Cell } from './sheet.ts';
import { cellText } from './table.ts';
import type { Kinds } from './table.ts';

/** The type that holds everything that was seen in a column; error cells have no say. Text holds all. */
export function typeOfKinds({ error: _error, ...kinds }: Kinds): string {
  const seen = Object.keys(kinds).toSorted().join(' ');
  switch (seen) {
    case 'integer': return 'BIGINT';
    case 'number': case 'integer number': return 'DOUBLE';
    case 'boolean': return 'BOOLEAN';
    case 'date': return 'DATE';
    case 'datetime': case 'date datetime': return 'TIMESTAMP';
    case 'time': return 'TIME';
    case 'elapsed': return 'INTERVAL';
    default: return 'VARCHAR';
  }
}

const micros = (ms: number): bigint => BigInt(ms) * 1000n;

const VALUES: Readonly<Record<string, (cell: Cell) => DuckDBValue>> = {
  BIGINT: ({ value }) => BigInt(value),
  DOUBLE: ({ value }) => Number(value),
  BOOLEAN: ({ value }) => value === true,
  DATE: ({ value }) => new DuckDBDateValue(Number(value) / 86_400_000),
  TIMESTAMP: ({ value }) => new DuckDBTimestampValue(micros(Number(value))),
  TIME: ({ value }) => new DuckDBTimeValue(micros(Number(value))),
  INTERVAL: ({ value }) => new DuckDBIntervalValue(0, 0, micros(Number(value))),
};

/** A cell as a value of its column's type. */
export const valueOf = (cell: Cell, type: string): DuckDBValue => VALUES[type]?.(cell) ?? cellText(cell);
