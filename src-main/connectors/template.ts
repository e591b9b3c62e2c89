import type { Json } from '#shared/json';

/** `{column}` in a text; `{{` and `}}` are the signs themselves. */
const PLACE = /\{\{|\}\}|\{([^{}]+)\}/g;

/** Names of the columns that a text has places for. */
export const placesIn = (template: string): readonly string[] => [...template.matchAll(PLACE)].flatMap(([, name]) => (name === undefined ? [] : [name.trim()]));

/** The text with each place filled by what `value` gives for its name. */
export const filledText = (template: string, value: (name: string) => string): string =>
  template.replace(PLACE, (sign, name: string | undefined) => (name === undefined ? (sign === '{{' ? '{' : '}') : value(name.trim())));

/** The name where a text is one place and nothing else. */
export const wholePlace = (template: string): string | null => /^\{([^{}]+)\}$/.exec(template)?.[1]?.trim() ?? null;

/** Every text of a JSON template, keys left out. */
export const textsIn = (template: Json): readonly string[] => (typeof template === 'string' ? [template] : typeof template === 'object' && template !== null ? Object.values(template).flatMap((item: Json) => textsIn(item)) : []);
