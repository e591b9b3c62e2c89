import { StudioError } from '#shared/errors';
import type { Column } from '#shared/data';
import type { Found } from '../../connectors/files/behind.ts';
import { openBook } from '../../connectors/files/xlsx/book.ts';
import type { Book } from '../../connectors/files/xlsx/book.ts';
import { rangeRows, tableOf } from '../../connectors/files/xlsx/table.ts';
import type { Kinds, Table } from '../../connectors/files/xlsx/table.ts';
import { lettersOf } from '../../connectors/files/xlsx/range.ts';
import type { Range } from '../../connectors/files/xlsx/range.ts';
import type { Cell } from '../../connectors/files/xlsx/sheet.ts';
import { typeOfKinds, valueOf } from '../../connectors/files/xlsx/values.ts';
import type { Batch, StreamContext } from '../define.ts';
import { nearest } from '../sql.ts';

export interface Wishes {
  readonly sheet: string;
  readonly header: boolean;
  readonly range: Range;
  readonly errors: 'null' | 'text' | 'fail';
  readonly filename: boolean;
}

const BATCH_ROWS = 2048;

/** The sheet that is meant. Throws node_failed with the names that there are. */
function sheetOf({ sheets, path }: Book, wish: string): Book['sheets'][number] {
  const named = sheets.find(({ name }) => name === wish) ?? sheets.find(({ name }) => name.toLowerCase() === wish.trim().toLowerCase());
  const found = named ?? (wish.trim() === '' ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0]) : /^\d+$/.test(wish.trim()) ? sheets[Number(wish) - 1] : undefined);
  if (found !== undefined) return found;
  if (sheets.length === 0) throw new StudioError('node_failed', 'The workbook has no sheet with cells.', { place: path, remedy: 'Name another file.' });
  const near = nearest(wish, sheets.map(({ name }) => name));
  throw new StudioError('node_failed', `The workbook has no sheet “${wish}”.`, { place: 'sheet', remedy: near === undefined ? `Its sheets are: ${sheets.map(({ name }) => name).join(', ')}.` : `Did you mean “${near}”?`, detail: path });
}

const looked = async (file: Found, wishes: Wishes, context: StreamContext): Promise<Table> =>
  context.remember(`excel ${file.path} ${JSON.stringify([wishes.sheet, wishes.header, wishes.range])}`, file.stamp, async () => {
    const book = await openBook(file.path);
    try {
      return await tableOf(book, sheetOf(book, wishes.sheet), wishes.range, wishes.header, context.signal);
    } finally {
      book.zip.close();
    }
  });

/** The columns of all files by name, with types that hold what every file has in them. */
function merged(tables: readonly Table[], errors: Wishes['errors']): readonly Column[] {
  const all = new Map<string, Kinds>();
  for (const { columns } of tables) for (const { name, kinds } of columns) all.set(name, { ...all.get(name), ...kinds });
  return [...all].map(([name, kinds]) => ({ name, type: errors === 'text' && kinds.error === true ? 'VARCHAR' : typeOfKinds(kinds) }));
}

/** The rows of the sheets, file by file. A workbook is looked through twice: types are told from all cells. */
export async function* read(files: readonly Found[], wishes: Wishes, context: StreamContext): AsyncGenerator<Batch> {
  const tables: Table[] = [];
  for (const file of files) tables.push(await looked(file, wishes, context));
  const own = merged(tables, wishes.errors);
  if (own.length === 0) throw new StudioError('node_failed', 'The sheet is empty, or nothing is in this part of it.', { place: 'range', remedy: 'Check the sheet and the range.' });
  const columns = wishes.filename ? [...own, { name: 'filename', type: 'VARCHAR' }] : own;
  yield { columns, rows: [] };
  let told = false;
  const failed = (cell: Cell, place: string): null => {
    if (wishes.errors === 'fail') throw new StudioError('node_failed', `A cell holds the error ${String(cell.value)}.`, { place, remedy: 'Correct its formula, or let error cells become NULL.' });
    if (!told) context.console(`The first error cell is ${place}: ${String(cell.value)}`);
    told = true;
    context.report('error cells', 1);
    return null;
  };
  for (const [index, file] of files.entries()) {
    const table = tables[index] as Table;
    const places = own.map(({ name, type }) => ({ at: table.columns.find((one) => one.name === name)?.at ?? -1, type }));
    const book = await openBook(file.path);
    try {
      const sheet = sheetOf(book, wishes.sheet);
      let batch: unknown[][] = [];
      for await (const rows of rangeRows(book, sheet, { ...wishes.range, firstRow: Math.max(table.from, wishes.range.firstRow) }, context.signal)) {
        for (const { row, cells } of rows) {
          const values = places.map(({ at, type }) => {
            const cell = cells.get(at);
            if (cell === undefined) return null;
            return cell.kind === 'error' && wishes.errors !== 'text' ? failed(cell, `${sheet.name}!${lettersOf(at)}${row}`) : valueOf(cell, type);
          });
          batch.push(wishes.filename ? [...values, file.path] : values);
        }
        if (batch.length < BATCH_ROWS) continue;
        yield { columns, rows: batch };
        batch = [];
      }
      if (batch.length > 0) yield { columns, rows: batch };
    } finally {
      book.zip.close();
    }
  }
}
