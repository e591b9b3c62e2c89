import { expect, test, vi } from 'vitest';
import type { NewEvent } from '#shared/events';
import { runStream } from '#shared/events';
import { isTerminal } from '#shared/run/run';
import { createMemoryJournal } from '../journal/memory.ts';
import type { FakeWorker, Script } from './fake-worker.testing.ts';
import { pass } from './faked-time.testing.ts';
import { doneWith, eventTypes, failedWith, heardBy, small, world } from './fake-worker.testing.ts';

/** Sum asks for something to be done after the run's work. */
const asks: NonNullable<Script['segment']> = (worker, message, job) => {
  const said = doneWith(message, job);
  const nodes = 'nodes' in said && said.kind === 'done' ? said.nodes.map((one) => (one.node === 'sum' ? { ...one, afterwards: { offset: 7 } } : one)) : [];
  worker.say(doneWith(message, job, { nodes }));
};
const heardSettles = (workers: readonly FakeWorker[]) => workers.flatMap((worker) => worker.heard.filter((one) => one.kind === 'settle').map(({ node, what }) => ({ node, what })));
const ONCE = [{ node: 'sum', what: { offset: 7 } }];

test('what a node has asked for is done after the last sink, and the run completes after that', async () => {
  const answers: (() => void)[] = [];
  const studio = world({ segment: asks, settle: (worker, { runId, node }) => void answers.push(() => worker.say({ kind: 'settled', runId, node, error: null })) });
  const id = await studio.start(small());
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(studio.journal.run(id)).toMatchObject({ status: 'running', nodes: { log: { status: 'completed' }, sum: { afterwards: { what: { offset: 7 }, done: false } } } });
  // A cancel comes too late: the rows are written.
  await studio.executor.cancel(id, 'person');
  expect(studio.journal.run(id)?.status).toBe('running');
  const heard = heardBy(studio.executor.watch(id));
  answers[0]?.();
  expect(eventTypes(await heard).slice(-3)).toEqual(['WorkflowCancelRequested', 'NodeSettled', 'WorkflowCompleted']);
  expect(studio.journal.run(id)).toMatchObject({ status: 'completed', nodes: { sum: { afterwards: { done: true } } } });
  expect(heardSettles(studio.workers)).toEqual(ONCE);
  await studio.close();
});

test('a worker that dies over it is followed by one that is asked again; nothing else runs twice', async () => {
  let asked = 0;
  const studio = world({ segment: asks, settle: (worker, { runId, node }) => ((asked += 1) === 1 ? worker.die('signal SIGKILL') : worker.say({ kind: 'settled', runId, node, error: null })) });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  expect(studio.journal.run(id)?.status).toBe('completed');
  expect(heardSettles(studio.workers)).toEqual([...ONCE, ...ONCE]);
  expect(studio.workers.flatMap((worker) => worker.heard.filter((one) => one.kind === 'segment'))).toHaveLength(2);
  await studio.close();
});

test('a studio that ends after any event does it in the next one, and never before the sinks have written', async () => {
  const journal = createMemoryJournal();
  const studio = world({ segment: asks }, { journal });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  const events: readonly NewEvent[] = [...journal.read(runStream(id))];
  await studio.close();
  expect(events.map((event) => event.type).slice(-2)).toEqual(['NodeSettled', 'WorkflowCompleted']);
  for (let cut = 1; cut < events.length; cut += 1) {
    const found = createMemoryJournal();
    found.append(runStream(id), 0, events.slice(0, cut));
    const wrong: string[] = [];
    const after = world({
      segment: asks,
      settle: (worker, { runId, node }) => {
        if (found.run(id)?.nodes['log']?.status !== 'completed') wrong.push(`after ${cut} events`);
        worker.say({ kind: 'settled', runId, node, error: null });
      },
    }, { journal: found });
    await heardBy(after.executor.watch(id));
    expect(found.run(id)?.status).toBe('completed');
    expect(wrong).toEqual([]);
    // Once; not again where the last event before the end tells that it has been done.
    expect(heardSettles(after.workers)).toEqual(cut === events.length - 1 ? [] : ONCE);
    await after.close();
  }
});

test('where it can not be done the run fails with the reason; what is written stays', async () => {
  const studio = world({ segment: asks, settle: (worker, { runId, node }) => worker.say({ kind: 'settled', runId, node, error: { code: 'io', message: 'The broker is gone.' } }) });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  expect(studio.journal.run(id)).toMatchObject({ status: 'failed', failedNode: 'sum', error: { message: 'The broker is gone.' }, nodes: { log: { status: 'completed' } } });
  await studio.close();
});

test('a run that fails, is cancelled, loses rows on the way or is only a part does it not', async () => {
  const cases: readonly [string, Parameters<typeof small>[0], object, NonNullable<Script['segment']>][] = [
    ['failed', {}, {}, (worker, message, job) => (message.segment === 'log' ? worker.say(failedWith(message, 'log', 'io')) : asks(worker, message, job))],
    ['cancelled', {}, {}, (worker, message, job) => (message.segment === 'log' ? undefined : asks(worker, message, job))],
    ['completed', { log: { onError: 'continue' } }, {}, (worker, message, job) => (message.segment === 'log' ? worker.say(failedWith(message, 'log', 'io')) : asks(worker, message, job))],
    ['completed', {}, { scope: { kind: 'to', node: 'sum' } }, asks],
  ];
  for (const [status, nodes, request, segment] of cases) {
    const studio = world({ segment });
    const id = await studio.start(small(nodes), request);
    if (status === 'cancelled') {
      await vi.waitFor(() => expect(studio.journal.run(id)?.nodes['log']?.status).toBe('running'));
      await studio.executor.cancel(id, 'person');
    }
    await heardBy(studio.executor.watch(id));
    await vi.waitFor(() => expect(isTerminal(studio.journal.run(id)?.status ?? 'queued')).toBe(true));
    expect(studio.journal.run(id)?.status).toBe(status);
    expect(heardSettles(studio.workers)).toEqual([]);
    const said = studio.journal.logs(id).filter((line) => line.node === 'sum' && line.level === 'warn');
    expect(said).toHaveLength(status === 'completed' ? 1 : 0);
    await studio.close();
  }
});

test('a run that goes on with what another had read does for it what that one did not come to', async () => {
  const box = { fails: true };
  const studio = world({ segment: (worker, message, job) => (box.fails && message.segment === 'log' ? worker.say(failedWith(message, 'log', 'io')) : asks(worker, message, job)) });
  const steady = small({ n: { nodeType: 'sequence.numbers' }, sum: { checkpoint: true } });
  const first = await studio.start(steady);
  await heardBy(studio.executor.watch(first));
  expect(heardSettles(studio.workers)).toEqual([]);
  box.fails = false;
  const again = await studio.start(steady, { origin: { kind: 'rerun', run: first, version: studio.journal.run(first)?.version ?? 0, from: null } });
  await heardBy(studio.executor.watch(again));
  expect(studio.journal.run(again)).toMatchObject({ status: 'completed', nodes: { sum: { reusedFrom: first, afterwards: { done: true } } } });
  expect(heardSettles(studio.workers)).toEqual(ONCE);
  // What was done for it is not done once more.
  const third = await studio.start(steady, { origin: { kind: 'rerun', run: again, version: studio.journal.run(again)?.version ?? 0, from: null } });
  await heardBy(studio.executor.watch(third));
  expect([studio.journal.run(third)?.status, heardSettles(studio.workers)]).toEqual(['completed', ONCE]);
  await studio.close();
});

test('a node whose rows are gone is told what it had asked for: it is to give the same again', async () => {
  const seen: unknown[] = [];
  let dies = true;
  const studio = world({
    open: (worker, job) => {
      seen.push(job.past.map(({ node, afterwards }) => [node, afterwards]));
      worker.say({ kind: 'opened', runId: job.runId, standing: { steady: [], restored: [] } });
    },
    segment(worker, message, job) {
      if (message.segment === 'log' && dies) {
        dies = false;
        worker.die('signal SIGKILL');
      } else asks(worker, message, job);
    },
  });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  expect([studio.journal.run(id)?.status, seen, heardSettles(studio.workers)]).toEqual(['completed', [[['sum', { offset: 7 }]]], ONCE]);
  await studio.close();
});

test('a run whose work is done in time is not out of time because a broker is slow', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const answers: (() => void)[] = [];
  const studio = world({ segment: asks, settle: (worker, { runId, node }) => void answers.push(() => worker.say({ kind: 'settled', runId, node, error: null })) });
  const id = await studio.start(small({}, 'slow', { timeoutMs: 5000 }));
  await pass(60_000);
  expect([answers.length, studio.journal.run(id)?.status]).toEqual([1, 'running']);
  answers[0]?.();
  await pass(1000);
  expect(studio.journal.run(id)?.status).toBe('completed');
  vi.useRealTimers();
  await studio.close();
});
