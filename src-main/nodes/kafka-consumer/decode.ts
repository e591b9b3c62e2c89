/** What a message says, by field. Integers that a number can't hold are bigint. */
export type Fields = Readonly<Record<string, unknown>>;
export type Format = 'json' | 'csv' | 'text' | 'bytes';

/** A message that is not what it is said to be: a sentence, and its text as well as it can be read. */
export class BadMessage extends Error {
  readonly text: string;

  constructor(message: string, text: string) {
    super(message);
    this.text = text;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const lenient = new TextDecoder('utf-8');

/** Its letters. Throws BadMessage where it is no UTF-8. */
export function textOf(bytes: Buffer): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new BadMessage('is not UTF-8', lenient.decode(bytes));
  }
}

/** A number in JSON is read as it stands, where it is an integer beyond 2^53. */
const exactly = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;

const raw = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
/** JSON with bigint as the number it is. */
export const jsonText = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? raw.rawJSON(String(one)) : one));

function fromJson(text: string): Fields {
  let value: unknown;
  try {
    value = /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch (error) {
    throw new BadMessage(`is not JSON (${error instanceof Error ? error.message.replace(/, ".*$/s, '') : 'it ends early'})`, text);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : { value };
}

/** One record of CSV (RFC 4180); a line end at its end is taken off. */
function cellsOf(text: string): readonly string[] {
  const cells: string[] = [];
  const line = text.replace(/\r?\n$/, '');
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      const found = /"((?:[^"]|"")*)"(?:,|$)/y;
      found.lastIndex = at;
      const cell = found.exec(line);
      if (cell === null) throw new BadMessage('has a quote that does not end', text);
      cells.push((cell[1] ?? '').replaceAll('""', '"'));
      at = found.lastIndex;
      if (!cell[0].endsWith(',')) return cells;
    } else {
      const end = line.indexOf(',', at);
      cells.push(line.slice(at, end < 0 ? undefined : end));
      if (end < 0) return cells;
      at = end + 1;
    }
  }
}

/** The fields of a message of JSON or CSV; `names` are CSV's columns in their order, further ones are c1, c2 … Throws BadMessage. */
export function fieldsOf(format: 'json' | 'csv', bytes: Buffer, names: readonly string[]): Fields {
  const text = textOf(bytes);
  return format === 'json' ? fromJson(text) : Object.fromEntries(cellsOf(text).map((cell, index) => [names[index] ?? `c${index + 1}`, cell]));
}
