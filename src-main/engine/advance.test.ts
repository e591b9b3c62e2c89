import { expect, test } from 'vitest';
import type { NewEvent } from '#shared/events';
import { replay } from '#shared/run/evolve';
import { hold } from './advance.ts';
import { counter, instantAt, node, play, planOf, segments } from './scenario.testing.ts';

const retry = { attempts: 3, backoff: 'constant' as const, initialMs: 100, maxMs: 1000, jitter: 0 };
const failed = (name: string, attempt: number): NewEvent => ({ type: 'NodeExecutionFailed', id: `f${name}${attempt}`, at: 1, data: { node: node(name), attempt, durationMs: 1, error: { code: 'io', message: 'No.' } } });

/** A run of these segments as its request leaves it, held. */
function begun(plan: ReturnType<typeof planOf>) {
  const world = play(plan);
  const { facts } = world.report({ kind: 'requested' }, 0);
  const run = replay(facts);
  if (run === null) throw new Error('It was asked for.');
  return { run, held: hold(run, plan), instant: instantAt(5, counter('x')) };
}

test('the run that was handed in stays as it is, and what is held tells what goes and what waits', () => {
  const plan = planOf(segments('csv+keep', 'out<keep'), { csv: { retry } });
  const { run, held, instant } = begun(plan);
  const before = JSON.stringify(run);
  held.step([], instant);
  expect(held.running().map((one) => one.id)).toEqual(['csv', 'keep']);
  held.step([failed('csv', 1), { type: 'NodeExecutionSkipped', id: 's', at: 1, data: { node: node('keep'), reason: { kind: 'segmentFailed', node: node('csv') } } }], instant);
  expect([held.running(), held.waiting().map((one) => one.id)]).toEqual([[], ['csv']]);
  expect(JSON.stringify(run)).toBe(before);
});

test('a node that waits is started when it is woken, by nothing else, and once', () => {
  const { held, instant } = begun(planOf(segments('csv'), { csv: { retry } }));
  held.step([], instant);
  held.step([failed('csv', 1)], instant);
  expect(held.step([], instant).commands).toEqual([]);
  held.wake(node('csv'));
  expect(held.step([], instant).commands).toMatchObject([{ kind: 'StartSegment', attempt: 2 }]);
  expect(held.step([failed('csv', 2)], instant).commands).toMatchObject([{ kind: 'ScheduleRetry', failed: 2 }]);
  expect(held.step([], instant).commands).toEqual([]);
});

test('a node woken while another goes is started after it', () => {
  const { held, instant } = begun(planOf(segments('a', 'b', 'c'), { a: { retry } }));
  held.step([], instant);
  expect(held.step([failed('a', 1)], instant).commands.at(-1)).toMatchObject({ kind: 'StartSegment', segment: 'b' });
  held.wake(node('a'));
  expect(held.step([], instant).commands).toEqual([]);
  const done: NewEvent = { type: 'NodeExecutionCompleted', id: 'd', at: 1, data: { node: node('b'), attempt: 1, rowsIn: 0, rowsOut: {}, durationMs: 1, report: {}, key: null } };
  expect(held.step([done], instant).commands).toMatchObject([{ kind: 'StartSegment', segment: 'a', attempt: 2 }]);
});

test('ten thousand segments go one after the other, the first of them last', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `n${n}`);
  const world = play(planOf(segments('first', ...names.map((name, n) => `${name}<${n === 0 ? '' : `n${n - 1}`}`)), { first: { retry } }));
  world.report({ kind: 'requested' }, 0);
  world.report({ kind: 'failed', segment: 'first', node: 'first', code: 'io' }, 1);
  for (const name of names) world.report({ kind: 'done', segment: name }, 2);
  expect(Object.values(world.state()?.nodes ?? {}).filter((one) => one.status !== 'completed').map((one) => one.id)).toEqual(['first']);
  world.report({ kind: 'tick' }, 500);
  expect(world.report({ kind: 'done', segment: 'first' }, 501).run.status).toBe('completed');
});
