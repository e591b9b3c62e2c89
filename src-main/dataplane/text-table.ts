import { quoteName, quoteText } from './quoting.ts';

/** Rows of one statement. */
const ROWS_A_STATEMENT = 500;

/** A text literal, also of a text that holds NUL, at which the engine's parser would stop. */
const literal = (value: string | null): string => (value === null ? 'NULL' : value.includes('\0') ? `(${value.split('\0').map(quoteText).join(' || chr(0) || ')})` : quoteText(value));

/** Makes a temporary table of texts, which stands behind FROM as it is answered: its columns are c0, c1 …, all VARCHAR. */
export async function textTable(run: (sql: string) => Promise<unknown>, name: string, width: number, rows: readonly (readonly (string | null)[])[]): Promise<string> {
  const table = `temp.${quoteName(name)}`;
  const columns = Array.from({ length: Math.max(1, width) }, (_, index) => `c${index}`);
  await run(`CREATE OR REPLACE TEMP TABLE ${quoteName(name)} (${columns.map((column) => `${column} VARCHAR`).join(', ')})`);
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const values = rows.slice(from, from + ROWS_A_STATEMENT).map((row) => `(${columns.map((_, index) => literal(row[index] ?? null)).join(', ')})`);
    await run(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
  }
  return table;
}
