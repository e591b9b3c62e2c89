import { expect, test } from 'vitest';
import { Json, JsonObject } from '#shared/json';

test.each([null, 0, '', false, [], {}, [1, [null, { a: 'b' }]], { a: { b: [] } }, { left: undefined }])('%j is JSON and stays as it is', (value) => {
  expect(Json.parse(value)).toEqual(value);
});

test.each([undefined, 1n, Number.NaN, Infinity, Symbol('a'), new Date(0), new Map(), [undefined], { a: () => 1 }])('%s is not', (value) => {
  expect(Json.safeParse(value).success).toBe(false);
});

test('an object is an object', () => {
  expect(JsonObject.parse({ a: [1] })).toEqual({ a: [1] });
  for (const value of [null, [], 'a', { a: 1n }]) expect(JsonObject.safeParse(value).success).toBe(false);
});

test('a large value and a deep one cost little', () => {
  const rows = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `row ${id}`, tags: ['a', 'b'] }));
  let deep: unknown = 1;
  for (let level = 0; level < 200_000; level++) deep = [deep];
  const startedAt = performance.now();
  expect(Json.safeParse(rows).success).toBe(true);
  expect(Json.safeParse(deep).success).toBe(true);
  // What grows with the square takes hours.
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});
