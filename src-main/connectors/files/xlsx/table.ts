import type { Book } from './book.ts';
import type { Range } from './range.ts';
import { lettersOf } from './range.ts';
import type { Cell, Row } from './sheet.ts';
import { sheetRows } from './sheet.ts';

/** Everything that was seen in a column. */
export type Kinds = Partial<Record<Cell['kind'], true>>;

/** A column of a sheet's table. */
export interface TableColumn {
  readonly at: number;
  readonly name: string;
  readonly kinds: Kinds;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** The first row that is data. */
  readonly from: number;
  readonly rows: number;
}

const within = ({ row, cells }: Row, range: Range): Row | null => {
  if (row < range.firstRow || row > range.lastRow) return null;
  const inside = new Map([...cells].filter(([column]) => column >= range.firstColumn && column <= range.lastColumn));
  return inside.size === 0 ? null : { row, cells: inside };
};

/** The rows of a range, as they are read. */
export async function* rangeRows(book: Book, sheet: Book['sheets'][number], range: Range, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
  for await (const rows of sheetRows(book, sheet, signal)) {
    const found = rows.flatMap((row) => within(row, range) ?? []);
    if (found.length > 0) yield found;
    if ((rows.at(-1)?.row ?? 0) > range.lastRow) return;
  }
}

/** A cell as a text. */
export function cellText(cell: Cell): string {
  const iso = (): string => new Date(cell.value as number).toISOString();
  switch (cell.kind) {
    case 'date': return iso().slice(0, 10);
    case 'datetime': return iso().replace('T', ' ').replace(/(\.000)?Z$/, '');
    case 'time': return iso().slice(11, -1).replace(/\.000$/, '');
    case 'elapsed': return `${Math.floor(cell.value / 3_600_000)}:${iso().slice(14, 19)}`;
    case 'text': case 'integer': case 'number': case 'boolean': case 'error': return String(cell.value);
  }
  return '';
}

/** Names that are told apart: an empty one is its column's letters, a second one gets a number. */
function named(header: Row | null, columns: readonly number[]): ReadonlyMap<number, string> {
  const taken = new Set<string>();
  return new Map(columns.map((at) => {
    const cell = header?.cells.get(at);
    const wish = (cell === undefined ? '' : cellText(cell).trim()) || lettersOf(at);
    let name = wish;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${wish}_${n}`;
    taken.add(name.toLowerCase());
    return [at, name] as const;
  }));
}

/** Looks through a sheet once: its columns, and what is in each of them. */
export async function tableOf(book: Book, sheet: Book['sheets'][number], range: Range, header: boolean, signal: AbortSignal): Promise<Table> {
  const kinds = new Map<number, Kinds>();
  let head: Row | null = null;
  let rows = 0;
  for await (const found of rangeRows(book, sheet, range, signal)) {
    for (const row of found) {
      if (header && head === null) {
        head = row;
        continue;
      }
      rows += 1;
      for (const [at, { kind }] of row.cells) {
        const seen = kinds.get(at);
        if (seen === undefined) kinds.set(at, { [kind]: true });
        else seen[kind] = true;
      }
    }
  }
  const used = [...new Set([...(head?.cells.keys() ?? []), ...kinds.keys()])].toSorted((a, b) => a - b);
  const names = named(head, used);
  return { columns: used.map((at) => ({ at, name: names.get(at) ?? '', kinds: kinds.get(at) ?? {} })), from: head === null ? range.firstRow : head.row + 1, rows };
}
