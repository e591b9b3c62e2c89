import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';
import type { Waiting } from './queue.ts';

interface Item extends Waiting {
  readonly at: number;
}

const workflows = ['a', 'b', 'c', 'd'];
/** Of a workflow, as in a studio: runs of one workflow mostly share it. */
const limits: Readonly<Record<string, number | null>> = { a: null, b: 1, c: 2, d: 3 };

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), workflow: fc.constantFrom(...workflows), priority: fc.integer({ min: -1, max: 1 }) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'next' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('done' as const), which: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat(50) }) },
);

test('never above a limit, the highest priority that may run first, and oldest first within a workflow', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
      const queue = createQueue<Item>(() => most);
      const waiting: Item[] = [];
      const placed: Item[] = [];
      const going = (workflow: string): number => placed.filter((one) => one.workflowId === workflow).length;
      const free = (one: Item): boolean => one.limit === null || going(one.workflowId) < one.limit;
      steps.forEach((one, at) => {
        if (one.kind === 'push') {
          const item = { at, workflowId: one.workflow, priority: one.priority, limit: limits[one.workflow] ?? null };
          waiting.push(item);
          queue.push(item);
        } else if (one.kind === 'next') {
          const may = placed.length < most ? waiting.filter(free) : [];
          expect(queue.ready).toBe(may.length > 0);
          const given = queue.next();
          expect(given === undefined).toBe(may.length === 0);
          if (given === undefined) return;
          expect(given.priority).toBe(Math.max(...may.map((other) => other.priority)));
          expect(given).toBe(waiting.find((other) => other.workflowId === given.workflowId && other.priority === given.priority));
          waiting.splice(waiting.indexOf(given), 1);
          placed.push(given);
          expect(placed.length).toBeLessThanOrEqual(most);
          expect(going(given.workflowId)).toBeLessThanOrEqual(given.limit ?? Number.POSITIVE_INFINITY);
        } else {
          const from = one.kind === 'done' ? placed : waiting;
          const [item] = from.splice(one.which % Math.max(1, from.length), 1);
          if (item === undefined) return;
          if (one.kind === 'done') queue.done(item);
          else expect(queue.remove(item)).toBe(true);
        }
        expect(queue.size).toBe(waiting.length);
      });
    }),
    { numRuns: 300 },
  );
});

test('nobody starves within a priority: before a workflow has a second turn, every other that may run has had one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...workflows, 'e', 'f'), { minLength: 1, maxLength: 80 }), (pushed) => {
      const queue = createQueue<Item>(() => 1);
      pushed.forEach((workflowId, at) => queue.push({ at, workflowId, priority: 0, limit: null }));
      const left = new Map<string, number>();
      for (const workflow of pushed) left.set(workflow, (left.get(workflow) ?? 0) + 1);
      let round = new Set<string>();
      for (let item = queue.next(); item !== undefined; item = queue.next()) {
        if (round.has(item.workflowId)) {
          expect([...left].filter(([workflow, count]) => count > 0 && !round.has(workflow))).toEqual([]);
          round = new Set();
        }
        round.add(item.workflowId);
        left.set(item.workflowId, (left.get(item.workflowId) ?? 0) - 1);
        queue.done(item);
      }
      expect([...left.values()].every((count) => count === 0)).toBe(true);
    }),
  );
});
