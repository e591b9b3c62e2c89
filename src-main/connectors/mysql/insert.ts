import type { Batch } from '../../nodes/define.ts';
import { StudioError } from '#shared/errors';
import { shown } from '../sql/cells.ts';
import { badValue } from '../sql/failures.ts';
import { errnoOf, explain, isLost } from './failures.ts';
import type { Done, Session } from './session.ts';
import type { Target } from './table.ts';

/** Bytes of a statement: larger ones are not faster. */
const STATEMENT_BYTES = 1_000_000;
/** What the server says of a value that it has changed to store it: cut, rounded, out of range, not of its type. */
const CHANGED = new Set([1264, 1265, 1292, 1366, 1406, 1411, 1426]);
/** Failures that are about a row. Others (a lock, a full disk) would only be met again by trying its halves. */
const OF_A_ROW = new Set([1048, 1062, 1169, 1216, 1264, 1265, 1292, 1364, 1366, 1367, 1406, 1411, 1425, 1426, 1438, 1441, 1452, 1467, 1525, 1586, 1644, 3140, 3819, 4025]);

/** Rows on their way to a statement. */
export interface Inserting {
  add(batch: Batch): Promise<void>;
  /** Sends what is left. */
  flush(): Promise<void>;
  readonly rows: number;
  /** Upsert: rows that were there. */
  readonly replaced: number;
}

/** Of an upsert's statement: rows that were there. A changed one counts 2, and the server says how many of those there were. */
function replacedBy({ affectedRows, info }: Done, rows: number): number {
  const changed = /Duplicates: (\d+)/.exec(info)?.[1];
  const inserted = changed === undefined ? (affectedRows === 1 ? 1 : 0) : affectedRows - 2 * Number(changed);
  return rows - inserted;
}

const columnIn = (message: string): string | null => /for column (?:`[^`]*`\.`[^`]*`\.)?[`'](.+?)[`'](?: at row|$)/i.exec(message)?.[1] ?? /Column '(.+?)' cannot be null/i.exec(message)?.[1] ?? /Field '(.+?)' doesn't have/i.exec(message)?.[1] ?? null;

/** The multi-row INSERTs of a write. `largest`: max_allowed_packet. */
export function inserting(session: Session, target: Target, largest: number): Inserting {
  const budget = Math.min(STATEMENT_BYTES, largest - 1024) - Buffer.byteLength(target.head) - Buffer.byteLength(target.tail);
  let texts: string[] = [];
  let bytes = 0;
  let before = 0;
  let replaced = 0;
  const statement = (rows: readonly string[]): string => `${target.head}${rows.join(',')}${target.tail}`;
  const said = (row: number, message: string, cause?: unknown): StudioError => {
    const words = message.replace(/ at row \d+$/, '').replace(/\.?$/, '.');
    const column = columnIn(message);
    if (column !== null) return badValue(target.place, row, column, words, 'Change it before, or change the column in the table.', cause);
    return new StudioError('node_failed', `Row ${row.toLocaleString('en')}: ${words}`, { place: target.place, remedy: 'Correct the rows before they come here, or choose another mode.', cause });
  };
  /** The row that fails by itself, found by trying halves; all is undone afterwards anyway. */
  const culprit = async (rows: readonly string[]): Promise<number> => {
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const failed = await session.run(statement(rows.slice(low, middle + 1))).then(() => false, (thrown: unknown) => {
        if (isLost(thrown)) throw thrown;
        return true;
      });
      if (failed) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const send = async (): Promise<void> => {
    if (texts.length === 0) return;
    const rows = texts;
    const first = before + 1;
    texts = [];
    bytes = 0;
    before += rows.length;
    let done: Done;
    try {
      done = await session.run(statement(rows));
    } catch (thrown) {
      if (!OF_A_ROW.has(errnoOf(thrown)) || !(thrown instanceof Error)) throw explain(thrown, session.settings);
      Reflect.deleteProperty(thrown, 'sql');
      const named = / at row (\d+)$/.exec(thrown.message)?.[1];
      throw said(first + (named === undefined ? await culprit(rows) : Number(named) - 1), thrown.message, thrown);
    }
    if (done.warningStatus > 0) {
      const changed = (await session.rows('SHOW WARNINGS')).find(([, code]) => CHANGED.has(Number(code)));
      if (changed !== undefined) throw said(first + Number(/ at row (\d+)$/.exec(String(changed[2]))?.[1] ?? 1) - 1, String(changed[2]));
    }
    if (target.tail !== '') replaced += replacedBy(done, rows.length);
  };
  const written = (row: readonly unknown[], number: number): string => {
    let text = '(';
    for (let index = 0; index < target.writes.length; index += 1) {
      const given = row[index];
      const name = target.columns[index]?.name ?? '';
      if (index > 0) text += ',';
      if (given === null || given === undefined) {
        if (target.keys.includes(index)) throw badValue(target.place, number, name, 'a key of the upsert is NULL.', 'Give it a value before, or leave such rows out.');
        text += 'NULL';
        continue;
      }
      const value = target.writes[index]?.(given) ?? 'NULL';
      if (typeof value !== 'string') throw badValue(target.place, number, name, `“${shown(given)}” ${value.why}.`, 'Change it before, or change the column’s type in the table.');
      text += value;
    }
    return `${text})`;
  };
  return {
    get rows() {
      return before + texts.length;
    },
    get replaced() {
      return replaced;
    },
    async add({ rows }) {
      for (const row of rows) {
        const number = before + texts.length + 1;
        const text = written(row, number);
        const size = Buffer.byteLength(text) + 1;
        if (size > largest - 1024 - Buffer.byteLength(target.head) - Buffer.byteLength(target.tail))
          throw new StudioError('node_failed', `Row ${number.toLocaleString('en')} has ${size.toLocaleString('en')} bytes, and the server takes ${largest.toLocaleString('en')} at once.`, { place: target.place, remedy: 'Raise max_allowed_packet on the server, or shorten the row before.' });
        if (bytes + size > budget) await send();
        texts.push(text);
        bytes += size;
      }
    },
    flush: send,
  };
}
