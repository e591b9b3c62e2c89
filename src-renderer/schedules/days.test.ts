import { describe, expect, it } from 'vitest';
import { addMonths, clockChanges, daysFrom, monthStart, wallDay, wallTime, weekStart } from './days.ts';

const day = (text: string): number => Date.parse(`${text}T00:00Z`);
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const hours = (zone: string, text: string): number[] => daysFrom(zone, day(text), 3).map(({ from, to }) => (to - from) / 3_600_000);

describe('days of a zone', () => {
  it('have 23 or 25 hours when the clock moves', () => {
    expect(hours('Europe/Zurich', '2026-03-28')).toEqual([24, 23, 24]);
    expect(hours('Europe/Zurich', '2026-10-24')).toEqual([24, 25, 24]);
    expect(hours('Australia/Lord_Howe', '2023-09-30')).toEqual([24, 23.5, 24]);
  });
  it('start when the jump over midnight ends', () => {
    const [before, changed] = daysFrom('Asia/Beirut', day('2022-03-26'), 2);
    expect(iso(changed?.from ?? 0)).toBe('2022-03-26T22:00');
    expect(changed?.from).toBe(before?.to);
    expect(((changed?.to ?? 0) - (changed?.from ?? 0)) / 3_600_000).toBe(23);
  });
  it('start at the first midnight where it comes twice', () => expect(iso(daysFrom('America/Havana', day('2023-11-05'), 1)[0]?.from ?? 0)).toBe('2023-11-05T04:00'));
  it('know the day of an instant', () => {
    expect(iso(wallDay('Asia/Tokyo', Date.parse('2026-11-25T20:00Z')))).toBe('2026-11-26T00:00');
    expect(iso(wallDay('America/Los_Angeles', Date.parse('2026-11-25T02:00Z')))).toBe('2026-11-24T00:00');
  });
});

describe('weeks and months', () => {
  it('start on Monday', () => {
    expect(iso(weekStart(day('2026-11-25')))).toBe('2026-11-23T00:00');
    expect(iso(weekStart(day('2026-11-29')))).toBe('2026-11-23T00:00');
    expect(iso(weekStart(day('2026-11-30')))).toBe('2026-11-30T00:00');
  });
  it('show the days around a month', () => expect(iso(monthStart(day('2026-11-25')))).toBe('2026-10-26T00:00'));
  it('go to the last day of a shorter month', () => {
    expect(iso(addMonths(day('2026-01-31'), 1))).toBe('2026-02-28T00:00');
    expect(iso(addMonths(day('2026-01-15'), -1))).toBe('2025-12-15T00:00');
  });
});

it('changes of the clock are told in order, with what it shows', () => {
  const found = clockChanges(['Europe/Zurich', 'UTC', 'America/Los_Angeles', 'Europe/Zurich'], day('2026-03-01'), day('2026-04-01'));
  expect(found.map(({ timeZone, before, after }) => `${timeZone} ${wallTime(before)} ${wallTime(after)}`)).toEqual(['America/Los_Angeles 02:00 03:00', 'Europe/Zurich 02:00 03:00']);
});
