import { createWriteStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';

/** What a sheet of an XLSX file can hold. */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
const LONGEST_TEXT = 32_767;

type Cell = string | number | boolean | Date | null;
type Encode = (value: unknown) => Cell;

/** DuckDB's own values know their text. */
const asText = (value: unknown): string => (value as { toString(): string }).toString();

/** Excel keeps 15 digits of a number: longer ones are written as text, which loses none. */
function exact(value: unknown): Cell {
  const written = asText(value);
  return written.replace(/\D/g, '').replace(/^0+/, '').length <= 15 ? Number(written) : written;
}

/** Excel has dates from 1900 to 9999; others are written as text. */
function day(milliseconds: number, value: unknown): Cell {
  return milliseconds >= Date.UTC(1900, 2, 1) && milliseconds < Date.UTC(10_000, 0, 1) ? new Date(milliseconds) : asText(value);
}

const number: Encode = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : asText(value));
/** Excel keeps milliseconds: a time with microseconds is written as text, which loses none. */
const timestamp: Encode = (value) => {
  const { micros } = value as { readonly micros: bigint };
  return micros % 1000n === 0n ? day(Number(micros / 1000n), value) : asText(value);
};
const ofUnit = (unit: 'seconds' | 'millis', factor: bigint): Encode => (value) => day(Number((value as Readonly<Record<typeof unit, bigint>>)[unit] * factor), value);
const timeOfDay: Encode = (value) => {
  const { micros } = value as { readonly micros: bigint };
  return micros % 1000n === 0n && micros < 86_400_000_000n ? Number(micros) / 86_400_000_000 : asText(value);
};

/** Letters that XML can't hold stand in a workbook as `_x0001_`; what looks like one of these itself is told apart the same way. */
const escaped = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are the letters in question
  text.replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_').replaceAll(/[\u0000-\u0008\u000B\u000C\u000D\u000E-\u001F\u007F\uFFFE\uFFFF]/g, (letter) => `_x${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}_`);

const CELLS: Readonly<Record<string, { readonly encode: Encode; readonly format?: string }>> = {
  BOOLEAN: { encode: (value) => value === true },
  TINYINT: { encode: number }, SMALLINT: { encode: number }, INTEGER: { encode: number }, UTINYINT: { encode: number }, USMALLINT: { encode: number }, UINTEGER: { encode: number },
  FLOAT: { encode: number }, DOUBLE: { encode: number },
  BIGINT: { encode: exact }, UBIGINT: { encode: exact }, HUGEINT: { encode: exact }, UHUGEINT: { encode: exact },
  DATE: { encode: (value) => day((value as { readonly days: number }).days * 86_400_000, value), format: 'yyyy-mm-dd' },
  TIMESTAMP: { encode: timestamp, format: 'yyyy-mm-dd hh:mm:ss' },
  TIMESTAMP_S: { encode: ofUnit('seconds', 1000n), format: 'yyyy-mm-dd hh:mm:ss' },
  TIMESTAMP_MS: { encode: ofUnit('millis', 1n), format: 'yyyy-mm-dd hh:mm:ss.000' },
  TIME: { encode: timeOfDay, format: 'hh:mm:ss' },
  // Excel knows no time zones: the text keeps it.
  'TIMESTAMP WITH TIME ZONE': { encode: asText },
};
const codingOf = ({ type }: Column): { readonly encode: Encode; readonly format?: string } => CELLS[type] ?? { encode: /^DECIMAL\(\d+,\d+\)$/.test(type) ? exact : asText };

const tooMuch = (message: string, remedy: string): StudioError => new StudioError('node_failed', message, { place: 'format', remedy });

/** Writes one sheet, row by row, without holding the sheet in memory. Throws node_failed where a sheet can't hold the rows. */
export async function writeXlsx(path: string, { header, sheet: sheetName }: { readonly header: boolean; readonly sheet: string }, batches: AsyncIterable<Batch>): Promise<void> {
  const stream = createWriteStream(path);
  const failed = new Promise<never>((_resolve, reject) => void stream.once('error', reject));
  failed.catch(() => undefined);
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  const sheet = book.addWorksheet(sheetName);
  let codings: readonly ReturnType<typeof codingOf>[] | undefined;
  let count = 0;
  try {
    for await (const { columns, rows } of batches) {
      if (codings === undefined) {
        if (columns.length > MOST_COLUMNS) throw tooMuch(`The rows have ${columns.length.toLocaleString('en')} columns; a sheet has at most 16,384.`, 'Write CSV or Parquet, or keep fewer columns.');
        codings = columns.map(codingOf);
        for (const [index, { format }] of codings.entries()) if (format !== undefined) sheet.getColumn(index + 1).numFmt = format;
        if (header) {
          sheet.addRow(columns.map(({ name }) => escaped(name))).commit();
          count += 1;
        }
      }
      if (count + rows.length > MOST_ROWS) throw tooMuch('There are more rows than a sheet can hold: 1,048,576 with the header line.', 'Write CSV or Parquet, or put a filter or an aggregate before.');
      const encoders = codings;
      for (const row of rows) {
        const cells = row.map((value, index): Cell => {
          const cell = value === null || value === undefined ? null : (encoders[index]?.encode(value) ?? null);
          if (typeof cell === 'string' && cell.length > LONGEST_TEXT) throw tooMuch(`A text in column “${columns[index]?.name ?? ''}” has ${cell.length.toLocaleString('en')} letters; a cell holds at most 32,767.`, 'Shorten it before, or write CSV or Parquet.');
          return typeof cell === 'string' ? escaped(cell) : cell;
        });
        sheet.addRow(cells).commit();
      }
      count += rows.length;
      do await Promise.race([setImmediate(), failed]);
      while (stream.writableNeedDrain);
    }
    sheet.commit();
    await Promise.race([book.commit(), failed]);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}
