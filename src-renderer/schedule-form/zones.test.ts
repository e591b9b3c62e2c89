import { describe, expect, it } from 'vitest';
import { isTimeZone } from '#shared/schedule/zone';
import { findZones, offsetText, zoneNames, zoneOf } from './zones.ts';

const now = Date.UTC(2026, 10, 25);
const names = (query: string): readonly string[] => findZones('en-GB', query, now);

describe('the search for a zone', () => {
  it.each([
    ['zurich', 'Europe/Zurich'],
    ['Europe/Zur', 'Europe/Zurich'],
    ['new york', 'America/New_York'],
    ['New_York', 'America/New_York'],
    ['utc', 'UTC'],
    ['los ang', 'America/Los_Angeles'],
    ['kolkata', 'Asia/Kolkata'],
    ['kyiv', 'Europe/Kyiv'],
  ])('“%s” finds %s first', (query, name) => expect(names(query)[0]).toBe(name));
  it('finds by what a zone is called', () => expect(names('central european time')).toContain('Europe/Zurich'));
  it('finds by the country', () => expect(names('japan')).toContain('Asia/Tokyo'));
  it('finds by the offset', () => expect(names('utc+09:00')).toContain('Asia/Tokyo'));
  it('finds in Chinese', () => {
    expect(findZones('zh-CN', '中国标准时间', now)).toContain('Asia/Shanghai');
    expect(findZones('zh-CN', '洛杉矶', now)).toContain('America/Los_Angeles');
  });
  it('shows all for nothing, and nothing for nonsense', () => {
    expect(names('  ')).toHaveLength(zoneNames().length);
    expect(names('atlantis')).toEqual([]);
  });
  it('knows only zones that the scheduler takes', () => expect(zoneNames().filter((name) => !isTimeZone(name))).toEqual([]));
  it('says what a zone is called', () => expect(zoneOf('en-GB', 'Europe/Zurich', now).called).toBe('Central European Time'));
});

it.each([
  [0, '+00:00'],
  [20_700_000, '+05:45'],
  [-12_600_000, '-03:30'],
])('an offset of %s ms is %s', (ms, text) => expect(offsetText(ms)).toBe(text));
