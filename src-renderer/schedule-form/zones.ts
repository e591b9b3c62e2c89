import { offsetAt } from '#shared/schedule/zone';

/** A zone as the search shows it. */
export interface ZoneFound {
  readonly name: string;
  /** +01:00, at the instant that was asked about. */
  readonly offset: string;
  /** What the zone is called in the window's language: Central European Time. */
  readonly called: string;
}

/** +05:45 of 20,700,000 ms. */
export function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return `${ms < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The zone of this computer. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const known = new Map<string, readonly ZoneFound[]>();

/** Every zone that there is, with its name in a language. Made once a language: it takes some hundred formats. */
export function allZones(locale: string, now: number): readonly ZoneFound[] {
  const made = known.get(locale);
  if (made !== undefined) return made;
  const names = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
  const zones = names.map((name) => ({
    name,
    offset: offsetText(offsetAt(name, now)),
    called: new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: name === 'UTC' ? 'long' : 'longGeneric' }).formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '',
  }));
  known.set(locale, zones);
  return zones;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[_/]/gu, ' ');

/** The zones that hold every word of a query in their name, what they are called, or their offset; those whose city begins with it come first. */
export function findZones(zones: readonly ZoneFound[], query: string): readonly ZoneFound[] {
  const words = plain(query).split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return zones;
  const found = zones.filter((zone) => {
    const text = `${plain(zone.name)} ${plain(zone.called)} utc${zone.offset} gmt${zone.offset}`;
    return words.every((word) => text.includes(word));
  });
  const first = words.join(' ');
  const starts = (zone: ZoneFound): boolean => plain(zone.name.split('/').at(-1) ?? '').startsWith(first);
  return [...found.filter(starts), ...found.filter((zone) => !starts(zone))];
}
