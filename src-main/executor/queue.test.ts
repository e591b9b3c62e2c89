import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';
import type { Waiting } from './queue.ts';

interface Item extends Waiting {
  readonly name: string;
}
const item = (name: string, more: Partial<Waiting> = {}): Item => ({ name, workflowId: name[0] ?? '', priority: 0, limit: null, ...more });

function taken(queue: ReturnType<typeof createQueue<Item>>): string[] {
  const names: string[] = [];
  for (let one = queue.next(); one !== undefined; one = queue.next()) names.push(one.name);
  return names;
}

test('turns go round the workflows, oldest first within each', () => {
  const queue = createQueue<Item>();
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(item(name));
  expect(queue.size).toBe(6);
  expect(taken(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  expect(queue.size).toBe(0);
});

test('a higher priority comes first, whatever waits below it', () => {
  const queue = createQueue<Item>();
  for (const name of ['a1', 'b1']) queue.push(item(name));
  queue.push(item('a2', { priority: 5 }));
  queue.push(item('c1', { priority: -3 }));
  queue.push(item('b2', { priority: 5 }));
  expect(taken(queue)).toEqual(['a2', 'b2', 'a1', 'b1', 'c1']);
});

test('the limit of a workflow holds back its own runs only, and a place freed lets the next one out', () => {
  const queue = createQueue<Item>();
  const [a1, a2] = [item('a1', { limit: 1 }), item('a2', { limit: 1, priority: 9 })];
  for (const one of [a1, item('b1')]) queue.push(one);
  expect(queue.next()).toBe(a1);
  queue.push(a2);
  expect(taken(queue)).toEqual(['b1']);
  expect(queue.ready).toBe(false);
  queue.done(a1);
  expect(queue.ready).toBe(true);
  expect(queue.next()).toBe(a2);
});

test('the limit of all is asked each time', () => {
  let most = 1;
  const queue = createQueue<Item>(() => most);
  const a1 = item('a1');
  for (const one of [a1, item('b1'), item('c1')]) queue.push(one);
  expect(taken(queue)).toEqual(['a1']);
  most = 2;
  expect(taken(queue)).toEqual(['b1']);
  queue.done(a1);
  queue.done(a1);
  expect(taken(queue)).toEqual(['c1']);
});

test('what is taken out does not come, and what was never in is not taken out', () => {
  const queue = createQueue<Item>();
  const [a1, a2] = [item('a1'), item('a2')];
  for (const one of [a1, a2]) queue.push(one);
  expect([queue.remove(a1), queue.remove(a1), queue.remove(item('x1'))]).toEqual([true, false, false]);
  expect([queue.has(a1), queue.has(a2)]).toEqual([false, true]);
  expect(taken(queue)).toEqual(['a2']);
});

test('one that goes on later is pushed again', () => {
  const queue = createQueue<Item>();
  const a1 = item('a1', { limit: 1 });
  queue.push(a1);
  expect(queue.next()).toBe(a1);
  queue.done(a1);
  queue.push(a1);
  queue.push(a1);
  expect(taken(queue)).toEqual(['a1']);
});

test('ten thousand waiting runs come out in turn, of one workflow or of as many', () => {
  for (const workflows of [1, 100, 10_000]) {
    const queue = createQueue<Item>(() => 50);
    const all = Array.from({ length: 10_000 }, (_, at) => item(`r${at}`, { workflowId: `w${at % workflows}`, priority: at % 3, limit: 2 }));
    for (const one of all) queue.push(one);
    const seen = new Set<Item>();
    for (let one = queue.next(); one !== undefined; one = queue.next()) {
      seen.add(one);
      queue.done(one);
    }
    expect(seen.size).toBe(10_000);
  }
});
