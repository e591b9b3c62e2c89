import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRunIds } from './new-ids.ts';

test('ids are UUIDv7 and rise, also within a millisecond and when the clock goes back', () => {
  let now = Date.UTC(2026, 0, 1);
  const next = createRunIds(() => now, randomBytes);
  const made = Array.from({ length: 10_000 }, (_, n) => {
    if (n === 6000) now -= 5000;
    if (n === 9000) now += 60_000;
    return next();
  });
  for (const id of made.slice(0, 20)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  expect(Number.parseInt(made[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(Date.UTC(2026, 0, 1));
});
