import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const values = async (config: Parameters<typeof runNode>[1]): Promise<readonly (string | null)[]> => (await runNode(node, config)).outputs['out']?.rows.map((row) => row[0] ?? null) ?? [];

/** Written down once. A change here is a change of everybody's numbers. */
const FIRST = ['2', '6', '1', '5', '3', '3'];

test('the same seed gives the same numbers, in this version and in every later one', async () => {
  expect(await values({ count: 6, min: 1, max: 6, seed: 42 })).toEqual(FIRST);
  const many = await values({ count: 50_000, min: 1, max: 6, seed: 42 });
  expect(many.slice(0, 6)).toEqual(FIRST);
  expect(await values({ count: 6, min: 1, max: 6, seed: 43 })).not.toEqual(FIRST);
});

test('whole numbers are spread evenly over the range, ends included', async () => {
  const counts = new Map<string, number>();
  for (const value of await values({ count: 60_000, min: -2, max: 3, seed: 7 })) counts.set(value ?? '', (counts.get(value ?? '') ?? 0) + 1);
  expect([...counts.keys()].map(Number).toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('neighbours are unrelated and fractions stay inside', async () => {
  const numbers = (await values({ count: 20_000, min: 0, max: 1, integer: false, seed: 1 })).map(Number);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  const related = numbers.slice(1).reduce((sum, number, index) => sum + (number - 0.5) * ((numbers[index] ?? 0) - 0.5), 0) / numbers.length / (1 / 12);
  expect(Math.abs(related)).toBeLessThan(0.03);
  expect(new Set(numbers).size).toBe(20_000);
});

test('without a seed one is drawn and told, so that the run can be repeated', async () => {
  const first = await runNode(node, { count: 5 });
  const seed = first.report['seed'] ?? -1;
  expect(first.console.join()).toContain(String(seed));
  expect((await runNode(node, { count: 5, seed })).outputs).toEqual(first.outputs);
});

test('the widest range of whole numbers fits', async () => {
  const [value] = await values({ count: 1, min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, seed: 1 });
  expect(Number.isSafeInteger(Number(value))).toBe(true);
});

test('a range the wrong way round is refused with its field', () => {
  expect(node.check?.({ count: 1, min: 5, max: 1, integer: true })).toMatchObject([{ field: 'max' }]);
  expect(node.check?.({ count: 1, min: 0.2, max: 0.8, integer: true })).toMatchObject([{ field: 'max' }]);
  expect(node.check?.({ count: -1, min: 0, max: 1, integer: true })).toMatchObject([{ field: 'count' }]);
});
