/** What a number of a cell means by its format: dates are numbers of days in a workbook. */
export type Meaning = 'number' | 'date' | 'time' | 'datetime' | 'elapsed';

const between = (id: number, from: number, to: number): boolean => id >= from && id <= to;

/** The formats that have a number and no text. ECMA-376 part 1, 18.8.30. */
function builtIn(id: number): Meaning {
  if (between(id, 14, 17) || between(id, 27, 31) || id === 36 || between(id, 50, 54) || between(id, 57, 58)) return 'date';
  if (between(id, 18, 21) || between(id, 32, 35) || between(id, 55, 56) || id === 45 || id === 47) return 'time';
  if (id === 22) return 'datetime';
  return id === 46 ? 'elapsed' : 'number';
}

/** What a format's text says: `yyyy-mm-dd`, `[h]:mm`, `"day" 0`. */
export function meaningOf(id: number, code: string | undefined): Meaning {
  if (code === undefined) return builtIn(id);
  const [first = ''] = code.replaceAll(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return 'elapsed';
  const signs = first.replaceAll(/\[[^\]]*\]/g, '').replaceAll(/am\/pm|a\/p/gi, '').replaceAll(/general/gi, '').toLowerCase();
  const time = /[hs]/.test(signs);
  // An m alone is a month; beside hours or seconds it is minutes.
  const date = /[yd]/.test(signs) || (!time && signs.includes('m'));
  if (date && time) return 'datetime';
  return date ? 'date' : time ? 'time' : 'number';
}

const DAY_MS = 86_400_000;
/** Days from 1899-12-30 to 1970-01-01. */
const EPOCH = 25_569;

/** A number of days as milliseconds since 1970. The older calendar believes in 29 February 1900, as its forebear did. */
export function serialMs(serial: number, from1904: boolean): number {
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  return Math.round((days - EPOCH) * DAY_MS);
}
