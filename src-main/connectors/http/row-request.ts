import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Json } from '#shared/json';
import { jsonOfRow, jsonOfValue, textOfValue } from '../json-of.ts';
import type { HttpRequest } from './exchange.ts';
import { filledText, placesIn, textsIn, wholePlace } from '../template.ts';
import { addressOf, withQuery } from './url.ts';

/** What is asked for each row; texts may have places for its values. */
export interface RowRequest {
  readonly method: string;
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly send: 'none' | 'row' | 'json' | 'text' | 'form';
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
}

const TYPES = { none: null, row: 'application/json', json: 'application/json', text: 'text/plain; charset=utf-8', form: 'application/x-www-form-urlencoded' } as const;

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new StudioError('node_failed', 'The body is not JSON.', { place: 'body', remedy: 'Correct it, or send it as text.' });
  }
};

/** Makes the request of a row, for rows of these columns. Throws node_failed where a place names no column. */
export function rowRequests(config: RowRequest, columns: readonly Column[], base: URL | null): (row: readonly unknown[]) => HttpRequest {
  const index = new Map(columns.map(({ name }, at) => [name.toLowerCase(), at]));
  const template = config.send === 'json' ? parsed(config.body) : null;
  const fields: readonly (readonly [string, readonly string[]])[] = [['url', [config.url]], ['query', Object.values(config.query)], ['headers', Object.values(config.headers)], ['form', config.send === 'form' ? Object.values(config.form) : []], ['body', config.send === 'text' ? [config.body] : textsIn(template)]];
  for (const [field, texts] of fields) {
    const missing = texts.flatMap(placesIn).find((name) => !index.has(name.toLowerCase()));
    if (missing !== undefined) throw new StudioError('node_failed', `There is no column “${missing}” in the input.`, { place: field, remedy: `The columns are: ${columns.slice(0, 20).map(({ name }) => name).join(', ')}. Two braces ({{) are a brace itself.` });
  }
  if (/^[a-z][a-z\d+.-]*:\/*[^/?#]*\{/i.test(config.url)) throw new StudioError('node_failed', 'A value of a row may not say which host is asked.', { place: 'url', remedy: 'Write the host out; places for values may come after it.' });
  const type = TYPES[config.send];
  const typed = type === null || Object.keys(config.headers).some((name) => name.toLowerCase() === 'content-type') ? {} : { 'content-type': type };

  return (row) => {
    const cell = (name: string): { readonly value: unknown; readonly type: string } => {
      const at = index.get(name.toLowerCase()) ?? -1;
      return { value: row[at] ?? null, type: columns[at]?.type ?? '' };
    };
    const text = (name: string): string => {
      const { value } = cell(name);
      return value === null ? '' : textOfValue(value);
    };
    const inAddress = (name: string): string => {
      const value = text(name);
      if (value === '') throw new StudioError('node_failed', `The column “${name}” is NULL or empty, and the address needs it.`, { place: 'url', remedy: 'Filter such rows out before this node.' });
      return encodeURIComponent(value);
    };
    /** A text whose only place is NULL is left out. */
    const given = (map: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(map).flatMap(([name, written]) => {
        const whole = wholePlace(written);
        return whole !== null && cell(whole).value === null ? [] : [[name, filledText(written, text)]];
      }));
    const json = (part: Json): string => {
      if (typeof part === 'string') {
        const whole = wholePlace(part);
        if (whole === null) return JSON.stringify(filledText(part, text));
        const { value, type: its } = cell(whole);
        return jsonOfValue(value, its);
      }
      if (typeof part !== 'object' || part === null) return JSON.stringify(part);
      if (Array.isArray(part)) return `[${part.map((item: Json) => json(item)).join(',')}]`;
      return `{${Object.entries(part).map(([name, item]: [string, Json]) => `${JSON.stringify(name)}:${json(item)}`).join(',')}}`;
    };
    const bodies = { none: () => null, row: () => jsonOfRow(columns, row), json: () => json(template), text: () => filledText(config.body, text), form: () => new URLSearchParams(given(config.form)).toString() };
    return { method: config.method, url: withQuery(addressOf(filledText(config.url, inAddress), base, config.url), given(config.query)), headers: { ...given(config.headers), ...typed }, body: bodies[config.send]() };
  };
}
