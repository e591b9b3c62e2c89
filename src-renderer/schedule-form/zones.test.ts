import { describe, expect, it } from 'vitest';
import { allZones, findZones, offsetText } from './zones.ts';

const now = Date.UTC(2026, 10, 25);
const zones = allZones('en-GB', now);
const names = (query: string): readonly string[] => findZones(zones, query).map(({ name }) => name);

describe('the search for a zone', () => {
  it.each([
    ['zurich', 'Europe/Zurich'],
    ['Europe/Zur', 'Europe/Zurich'],
    ['new york', 'America/New_York'],
    ['New_York', 'America/New_York'],
    ['utc', 'UTC'],
    ['los ang', 'America/Los_Angeles'],
  ])('“%s” finds %s first', (query, name) => expect(names(query)[0]).toBe(name));
  it('finds by what a zone is called', () => expect(names('central european time')).toContain('Europe/Zurich'));
  it('finds by the offset', () => expect(names('utc+09:00')).toContain('Asia/Tokyo'));
  it('finds by what a zone is called in Chinese', () => expect(findZones(allZones('zh-CN', now), '中国标准时间').map(({ name }) => name)).toContain('Asia/Shanghai'));
  it('shows all for nothing, and nothing for nonsense', () => {
    expect(names('  ')).toHaveLength(zones.length);
    expect(names('atlantis')).toEqual([]);
  });
});

it.each([
  [0, '+00:00'],
  [20_700_000, '+05:45'],
  [-12_600_000, '-03:30'],
])('an offset of %s ms is %s', (ms, text) => expect(offsetText(ms)).toBe(text));
