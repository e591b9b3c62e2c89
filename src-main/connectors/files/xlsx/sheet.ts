import { readPart, textCollector, unescaped } from './book.ts';
import type { Book } from './book.ts';
import { serialMs } from './formats.ts';
import { columnOf } from './range.ts';

/** A cell with something in it. Times in milliseconds: since 1970, since midnight, or from beginning to end. */
export type Cell =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer' | 'number' | 'date' | 'datetime' | 'time' | 'elapsed'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'error'; readonly value: string };

/** A row that has cells, by their column from 0. Rows count from 1. */
export interface Row {
  readonly row: number;
  readonly cells: ReadonlyMap<number, Cell>;
}

const DAY_MS = 86_400_000;

function numberCell(raw: string, style: number, book: Book): Cell | null {
  if (raw === '') return null;
  const value = Number(raw);
  if (Number.isNaN(value)) return { kind: 'text', value: raw };
  const meaning = book.meanings[style] ?? 'number';
  if (meaning === 'number') return { kind: Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number', value };
  if (meaning === 'elapsed') return { kind: 'elapsed', value: Math.round(value * DAY_MS) };
  if (meaning === 'time' && value >= 0 && Math.round(value * DAY_MS) < DAY_MS) return { kind: 'time', value: Math.round(value * DAY_MS) };
  const ms = serialMs(value, book.from1904);
  return { kind: meaning === 'date' && ms % DAY_MS === 0 ? 'date' : 'datetime', value: ms };
}

function cellOf(type: string, raw: string, style: number, book: Book): Cell | null {
  switch (type) {
    case 's': {
      const text = book.strings[Number(raw)];
      return text === undefined || text === '' ? null : { kind: 'text', value: text };
    }
    case 'str': return raw === '' ? null : { kind: 'text', value: unescaped(raw) };
    case 'inlineStr': return raw === '' ? null : { kind: 'text', value: raw };
    case 'b': return { kind: 'boolean', value: raw === '1' || raw === 'true' };
    case 'e': return { kind: 'error', value: raw };
    case 'd': {
      const ms = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(raw) ? raw : `${raw}Z`);
      return Number.isNaN(ms) ? { kind: 'text', value: raw } : { kind: ms % DAY_MS === 0 && !raw.includes('T') ? 'date' : 'datetime', value: ms };
    }
    default: return numberCell(raw, style, book);
  }
}

/** The rows of a sheet that have cells, as they are read; formulas give what they came to when the workbook was saved. */
export async function* sheetRows(book: Book, sheet: Book['sheets'][number], signal: AbortSignal): AsyncGenerator<readonly Row[]> {
  const rows: Row[] = [];
  const collector = textCollector();
  let cells = new Map<number, Cell>();
  let [row, column, type, style, value, inValue] = [0, -1, '', 0, '', false];
  const parts = readPart(book.path, sheet.part, {
    open(name, attributes) {
      if (name === 'row') {
        const given = Number(attributes['r']);
        row = given > 0 ? given : row + 1;
        column = -1;
        cells = new Map();
      } else if (name === 'c') {
        const { r = '', t = 'n', s = '0' } = attributes;
        column = r === '' ? column + 1 : columnOf(r);
        type = t;
        style = Number(s);
        value = '';
      } else if (name === 'v') inValue = true;
      else if (type === 'inlineStr') collector.open(name);
    },
    text(text) {
      if (inValue) value += text;
      else if (type === 'inlineStr') collector.text(text);
    },
    close(name) {
      if (name === 'v') inValue = false;
      else if (name === 'c') {
        const cell = cellOf(type, type === 'inlineStr' ? collector.take() : value, style, book);
        if (cell !== null) cells.set(column, cell);
        type = '';
      } else if (name === 'row') {
        if (cells.size > 0) rows.push({ row, cells });
      } else if (type === 'inlineStr') collector.close(name);
    },
  });
  for await (const _ of parts) {
    signal.throwIfAborted();
    if (rows.length > 0) yield rows.splice(0);
  }
}
