import { StudioError } from '#shared/errors';

/** A number that JavaScript would change, as its own text: JSON.stringify writes it unchanged. */
export interface Exact {
  readonly rawJSON: string;
}

/** A parsed JSON value; numbers that a double can't hold are Exact. */
export type JsonValue = null | boolean | number | string | Exact | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const { rawJSON, isRawJSON } = JSON as JSON & { readonly rawJSON: (text: string) => Exact; readonly isRawJSON: (value: unknown) => boolean };

export const isExact = (value: unknown): value is Exact => isRawJSON(value);
export const isRecord = (value: unknown): value is { readonly [key: string]: JsonValue } => typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);

/** Digits that count: without sign, point, exponent and leading zeros. */
const digitsOf = (number: string): number => number.replace(/[eE].*$/, '').replace(/\D/g, '').replace(/^0+/, '').length;

/** Does a double hold the number as it is written? One with up to 15 digits always, one with more where it is the very text of a double. */
export const isDouble = (number: string): boolean => Number.isFinite(Number(number)) && (digitsOf(number) <= 15 || String(Number(number)) === number);

const isKept = (number: string): boolean => (/^-?\d+$/.test(number) ? Number.isSafeInteger(Number(number)) : isDouble(number));

function revive(_key: string, value: unknown, ...more: readonly { readonly source?: string }[]): unknown {
  const written = more[0]?.source;
  return typeof value !== 'number' || written === undefined || isKept(written) ? value : rawJSON(written);
}

/** What may be a number that a double can't hold: many digits, or an exponent of three. */
const SUSPECT = /-?\d[\d.]{15,}(?:[eE][+-]?\d+)?|\d[eE]\+?\d{3}/g;

function mayChange(text: string): boolean {
  for (const [number] of text.matchAll(SUSPECT)) if (!isKept(number)) return true;
  return false;
}

/** JSON.parse that keeps every digit of every number; most texts have none that would change, and looking at each value is slow. Throws SyntaxError. */
export const parseExact = (text: string): JsonValue => (mayChange(text) ? JSON.parse(text, revive) : JSON.parse(text)) as JsonValue;

/** Names and places on the way into a JSON value: `$.data.items[0]['a b']`. */
export type JsonPath = readonly (string | number)[];

/** Reads a path; null where it is none. The `$` may be left out; an empty path is the whole. */
export function readPath(text: string): JsonPath | null {
  const steps: (string | number)[] = [];
  let rest = text.trim().replace(/^\$/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  while (rest !== '') {
    const step = /^(?:\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/.exec(rest);
    if (step === null) return null;
    const quoted = step[3] ?? step[4];
    steps.push(step[2] === undefined ? (quoted === undefined ? (step[1] ?? '') : quoted.replace(/\\(.)/g, '$1')) : Number(step[2]));
    rest = rest.slice(step[0].length);
  }
  return steps;
}

/** What is at the path; undefined where there is nothing. */
export function at(value: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === 'number') here = (here as readonly JsonValue[])[step];
    else if (isRecord(here) && Object.hasOwn(here, String(step))) here = here[String(step)];
    else return undefined;
  }
  return here;
}

/** The path of a field of a config. Throws node_failed naming the field. */
export function pathOf(text: string, field: string): JsonPath {
  const path = readPath(text);
  if (path === null) throw new StudioError('node_failed', `“${text}” is not a path into JSON.`, { place: field, remedy: 'Write it like $.data.items or $.results[0].name.' });
  return path;
}
