import { isTimeZone, offsetAt } from '#shared/schedule/zone';

/** A zone as the search shows it. */
export interface Zone {
  readonly name: string;
  /** What it is called in the window's language: Central European Time. */
  readonly called: string;
  /** Its country or city, where the language has a word for it: Switzerland Time. */
  readonly placed: string;
}

/** +05:45 of 20,700,000 ms. */
export function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return `${ms < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The zone of this computer. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Names of today that a browser may know only by their old ones. */
const RENAMED = ['Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Yangon', 'Asia/Ho_Chi_Minh', 'Europe/Kyiv', 'Atlantic/Faroe', 'Africa/Asmara', 'America/Nuuk', 'America/Argentina/Buenos_Aires', 'Pacific/Kanton'];
let names: readonly string[] | null = null;

/** The name of every zone that there is. */
export const zoneNames = (): readonly string[] => (names ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...RENAMED.filter(isTimeZone)])]);

const known = new Map<string, Zone>();
/** So that nobody waits for the words of four hundred zones: a few at a time, while nothing else is to be done. */
const AT_ONCE = 15;

/** A zone with its words in a language, as they are `now`; slow the first time. */
export function zoneOf(locale: string, name: string, now: number): Zone {
  const made = known.get(`${locale} ${name}`);
  if (made !== undefined) return made;
  const say = (timeZoneName: 'long' | 'longGeneric' | 'shortGeneric'): string => new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName }).formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const zone = { name, called: say(name === 'UTC' ? 'long' : 'longGeneric'), placed: say('shortGeneric') };
  known.set(`${locale} ${name}`, zone);
  return zone;
}

/** Gets the words of all zones ready before they are searched. Returns the stop. */
export function prepareZones(locale: string, now: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = [...zoneNames()];
  const some = (): void => {
    for (const name of rest.splice(0, AT_ONCE)) zoneOf(locale, name, now);
    if (rest.length > 0) timer = setTimeout(some, 20);
  };
  timer = setTimeout(some, 300);
  return () => clearTimeout(timer);
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[_/]/gu, ' ');

/** The zones that hold every word of a query in their name, what they are called, or their offset (`now`); those whose city begins with it come first. */
export function findZones(locale: string, query: string, now: number): readonly string[] {
  const words = plain(query).split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return zoneNames();
  const first = words.join(' ');
  const byOffset = /[+-]\d/u.test(query);
  const found = zoneNames().filter((name) => {
    const { called, placed } = zoneOf(locale, name, now);
    const offset = byOffset ? offsetText(offsetAt(name, now)) : '';
    const text = `${plain(name)} ${plain(called)} ${plain(placed)} utc${offset} gmt${offset}`;
    return words.every((word) => text.includes(word));
  });
  const starts = (name: string): boolean => plain(name.split('/').at(-1) ?? '').startsWith(first);
  return [...found.filter(starts), ...found.filter((name) => !starts(name))];
}
