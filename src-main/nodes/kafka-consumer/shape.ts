import type { Column } from '#shared/data';
import { jsonText } from './decode.ts';
import type { Fields } from './decode.ts';

export type FieldType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'JSON';
export interface Field {
  readonly name: string;
  /** Text where a config leaves it out. */
  readonly type?: FieldType;
}

/** Columns beside the fields; a field of such a name is called `value_…`. */
const BESIDE: ReadonlySet<string> = new Set(['key', 'headers', 'partition', 'offset', 'timestamp', 'topic', 'more']);
const columnName = (field: string): string => (BESIDE.has(field.toLowerCase()) || field === '' ? `value_${field}` : field);

const kindOf = (value: unknown): FieldType | 'null' => {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'VARCHAR';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return fit(value, 'BIGINT') === MISFIT ? 'JSON' : 'BIGINT';
  return typeof value === 'number' ? 'DOUBLE' : 'JSON';
};

function common(kinds: ReadonlySet<FieldType | 'null'>): FieldType {
  const [first = 'JSON', ...others] = [...kinds].filter((kind) => kind !== 'null');
  if (others.length === 0) return first;
  return others.length === 1 && kinds.has('BIGINT') && kinds.has('DOUBLE') ? 'DOUBLE' : 'JSON';
}

/** The fields of these messages, in the order they first appear. Of two that differ in their case only, the first has the column. */
export function inferFields(messages: Iterable<Fields>): readonly Field[] {
  const found = new Map<string, { readonly name: string; readonly kinds: Set<FieldType | 'null'> }>();
  for (const fields of messages) {
    for (const [name, value] of Object.entries(fields)) {
      const id = columnName(name).toLowerCase();
      const known = found.get(id) ?? { name, kinds: new Set() };
      if (known.name !== name) continue;
      known.kinds.add(kindOf(value));
      found.set(id, known);
    }
  }
  return [...found.values()].map(({ name, kinds }) => ({ name, type: common(kinds) }));
}

/** A value that its column can't hold. */
const MISFIT = Symbol('misfit');
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Each answers the value as its column holds it. */
const FITS: Readonly<Record<FieldType, (value: unknown) => unknown>> = {
  VARCHAR: (value) => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : MISFIT),
  BIGINT(value) {
    const whole = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value) ? BigInt(value.replace('+', '')) : null;
    return whole === null || whole < LEAST || whole > MOST ? MISFIT : whole;
  },
  DOUBLE(value) {
    const number = typeof value === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
    return typeof number === 'number' ? number : MISFIT;
  },
  BOOLEAN: (value) => (typeof value === 'boolean' ? value : value === 'true' || value === 'false' ? value === 'true' : MISFIT),
  JSON: jsonText,
};
const fit = (value: unknown, type: FieldType): unknown => (value === null || value === undefined ? null : FITS[type](value));

/** How messages become rows: the columns of the fields, then `more` with what had no column or did not fit. */
export interface Shape {
  readonly columns: readonly Column[];
  /** The cells of one message; `moved`: how many of its values went into `more`. */
  row(fields: Fields): { readonly cells: readonly unknown[]; readonly moved: number };
  /** Of a message without fields, whose text is kept (null: a tombstone). */
  bare(text: string | null): readonly unknown[];
}

export function shapeOf(named: readonly Field[]): Shape {
  const fields = named.map(({ name, type = 'VARCHAR' as const }) => ({ name, type }));
  const known = new Map(fields.map(({ name, type }, index) => [name, { index, type }]));
  return {
    columns: [...fields.map(({ name, type }) => ({ name: columnName(name), type })), { name: 'more', type: 'JSON' }],
    row(given) {
      const cells: unknown[] = Array.from({ length: fields.length + 1 }, () => null);
      const more: [string, unknown][] = [];
      for (const [name, value] of Object.entries(given)) {
        const field = known.get(name);
        const fitting = field === undefined ? MISFIT : fit(value, field.type);
        if (field === undefined || fitting === MISFIT) more.push([name, value]);
        else cells[field.index] = fitting;
      }
      if (more.length > 0) cells[fields.length] = jsonText(Object.fromEntries(more));
      return { cells, moved: more.length };
    },
    bare: (text) => [...fields.map(() => null), text === null ? null : jsonText(text)],
  };
}
