import { DuckDBBlobValue, DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Message } from '../../connectors/kafka/reading.ts';
import type { Batch, StreamContext } from '../define.ts';
import { BadMessage, fieldsOf, jsonText, textOf } from './decode.ts';
import type { Fields, Format } from './decode.ts';
import { inferFields, shapeOf } from './shape.ts';
import type { Field, Shape } from './shape.ts';

export interface Reader {
  readonly topic: string;
  readonly format: Format;
  readonly fields: readonly Field[];
  readonly onBad: 'fail' | 'skip' | 'keep';
  readonly keyAs: 'text' | 'bytes';
}

const beside = (keyAs: Reader['keyAs']): readonly Column[] => [
  { name: 'key', type: keyAs === 'text' ? 'VARCHAR' : 'BLOB' }, { name: 'headers', type: 'JSON' }, { name: 'partition', type: 'INTEGER' },
  { name: 'offset', type: 'BIGINT' }, { name: 'timestamp', type: 'TIMESTAMP WITH TIME ZONE' }, { name: 'topic', type: 'VARCHAR' },
];

/** Names of single bad messages a run's console gets; the others are counted. */
const NAMED = 20;
const blob = (bytes: Buffer | null): DuckDBBlobValue | null => (bytes === null ? null : new DuckDBBlobValue(bytes));

function said(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    return textOf(bytes);
  } catch {
    return `base64:${bytes.toString('base64')}`;
  }
}

/** Headers by name; a name that repeats has a list, what is no text stands as base64:…. */
function headersOf(headers: Message['headers']): string | null {
  if (headers.length === 0) return null;
  const named = Map.groupBy(headers, ([name]) => said(name) ?? '');
  return jsonText(Object.fromEntries([...named].map(([name, values]) => [name, values.length === 1 ? said(values[0]?.[1] ?? null) : values.map(([, value]) => said(value))])));
}

/** What a message gave: fields, one value, or nothing but its text; null where it is left out. */
type Read = { readonly kind: 'fields'; readonly fields: Fields } | { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'bare'; readonly text: string | null } | null;

/** Makes rows of messages. What their fields are is settled by `fields`, or by the first ones it is shown. */
export interface RowMaker {
  readonly columns: () => readonly Column[];
  /** Reads the fields' names and types off these; without effect where they are known already. */
  settle(messages: readonly Message[]): void;
  batch(messages: readonly Message[]): Batch;
}

export function createRowMaker(reader: Reader, context: Pick<StreamContext, 'console' | 'report'>): RowMaker {
  const { topic, format, onBad, keyAs } = reader;
  const names = reader.fields.map((field) => field.name);
  const hasFields = format === 'json' || format === 'csv';
  let shape: Shape | null = !hasFields || reader.fields.length > 0 ? shapeOf(reader.fields) : null;
  let bad = 0;

  const refused = (message: Message, what: string, error: BadMessage): void => {
    const place = `partition ${message.partition}, offset ${message.offset}`;
    if (onBad === 'fail') throw new StudioError('node_failed', `The ${what} of “${topic}” at ${place} ${error.message}.`, { place, remedy: 'Correct the format, or set “A message that can’t be read” to leave such messages out or to keep their text.' });
    bad += 1;
    context.report('bad messages', 1);
    if (bad <= NAMED) context.console(`The ${what} at ${place} ${error.message}: ${onBad === 'skip' ? 'left out' : 'its text is kept'}.${bad === NAMED ? ' Further ones are counted.' : ''}`);
  };
  const read = (message: Message, tell: typeof refused): Read => {
    const { value } = message;
    if (format === 'bytes') return { kind: 'value', value: blob(value) };
    if (value === null) return hasFields ? { kind: 'bare', text: null } : { kind: 'value', value: null };
    try {
      return format === 'text' ? { kind: 'value', value: textOf(value) } : { kind: 'fields', fields: fieldsOf(format, value, names) };
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      tell(message, 'message', error);
      if (onBad === 'skip') return null;
      return hasFields ? { kind: 'bare', text: error.text } : { kind: 'value', value: error.text };
    }
  };
  const keyOf = (message: Message): unknown => {
    if (message.key === null || keyAs === 'bytes') return blob(message.key);
    try {
      return textOf(message.key);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      refused(message, 'key', error);
      return error.text;
    }
  };
  const ownColumns = (): readonly Column[] => (hasFields ? (shape ?? shapeOf([])).columns : [{ name: 'value', type: format === 'bytes' ? 'BLOB' : 'VARCHAR' }]);
  const columns = (): readonly Column[] => [...ownColumns(), ...beside(keyAs)];

  return {
    columns,
    settle(messages) {
      shape ??= shapeOf(inferFields(messages.flatMap((message) => {
        const found = read(message, () => undefined);
        return found?.kind === 'fields' ? [found.fields] : [];
      })));
    },
    batch(messages) {
      const now = (shape ??= shapeOf([]));
      let moved = 0;
      const rows = messages.flatMap((message): (readonly unknown[])[] => {
        const found = read(message, refused);
        if (found === null) return [];
        const made = found.kind === 'fields' ? now.row(found.fields) : { cells: found.kind === 'value' ? [found.value] : now.bare(found.text), moved: 0 };
        moved += made.moved;
        return [[...made.cells, keyOf(message), headersOf(message.headers), message.partition, message.offset, new DuckDBTimestampTZValue(message.timestamp * 1000n), topic]];
      });
      if (moved > 0) context.report('values in “more”', moved);
      return { columns: columns(), rows };
    },
  };
}
