import { expect, it } from 'vitest';
import { instantIn, wallOf } from './wall.ts';

const zurich = 'Europe/Zurich';

it.each([
  ['2026-11-30T08:00', '2026-11-30T07:00:00Z'],
  ['2026-07-01T08:00', '2026-07-01T06:00:00Z'],
  ['2026-07-01T08:00:30', '2026-07-01T06:00:30Z'],
])('%s in Zurich is %s', (wall, instant) => {
  expect(instantIn(zurich, wall)).toBe(Date.parse(instant));
  expect(wallOf(zurich, Date.parse(instant))).toBe(wall);
});

it('a time that comes twice is its first', () => expect(instantIn(zurich, '2026-10-25T02:30')).toBe(Date.parse('2026-10-25T00:30:00Z')));
it('a time that never comes is the end of the gap', () => expect(instantIn(zurich, '2026-03-29T02:30')).toBe(Date.parse('2026-03-29T01:00:00Z')));
it.each(['', '2026-11-30', '2026-13-40T08:00', 'soon'])('“%s” is no time', (wall) => expect(instantIn(zurich, wall)).toBeNull());
