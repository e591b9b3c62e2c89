import { expect, test, vi } from 'vitest';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { PATIENCE } from '#shared/patience.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import { doneWith, eventTypes, failedWith, heardBy, small, world } from './fake-worker.testing.ts';
import type { Script } from './fake-worker.testing.ts';
import { pass } from './faked-time.testing.ts';

const node = (id: string): NodeId => NodeId.parse(id);
/** The sink `log` does something outside, of which nothing can be told afterwards. */
const sending = (after: 'dies' | 'fails' | 'done', sent: string[] = []): Script => {
  let bad = after === 'done' ? 0 : 1;
  return {
    segment: (worker, message, job) =>
      message.segment === 'log'
        ? worker.say({ kind: 'intend', runId: message.runId, segment: 'log', attempt: message.attempt, node: node('log'), effect: `${message.runId}-${message.attempt}`, what: 'Two letters are sent.', rows: 2, proof: null })
        : worker.say(doneWith(message, job)),
    proceed: (worker, { effect }, job) => {
      sent.push(effect);
      const message = worker.heard.findLast((one) => one.kind === 'segment') ?? expect.fail();
      if (bad-- > 0) return after === 'dies' ? worker.die('signal SIGKILL') : worker.say(failedWith(message, 'log', 'io'));
      worker.say(doneWith(message, job));
    },
  };
};
/** Sum's rows are kept. */
const kept = small({ sum: { checkpoint: true }, n: { nodeType: 'sequence.numbers' } });

const paused = async (studio: ReturnType<typeof world>, id: RunId) => {
  for await (const update of studio.executor.watch(id)) if (update.kind === 'event' && update.event.type === 'WorkflowPaused') return update.event.data.question;
  return null;
};

test('an effect is durable as an intent before it happens, and confirmed with its node', async () => {
  const seen: unknown[] = [];
  const studio = world({ ...sending('done'), proceed: (worker, { runId, effect }, job) => {
    seen.push(studio.journal.run(runId)?.nodes['log']?.effects);
    worker.say(doneWith(worker.heard.findLast((one) => one.kind === 'segment') ?? expect.fail(effect), job));
  } });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  expect(seen).toMatchObject([[{ state: 'intended', what: 'Two letters are sent.' }]]);
  expect(studio.journal.run(id)?.nodes['log']?.effects).toMatchObject([{ state: 'confirmed' }]);
  await studio.close();
});

for (const answer of ['repeat', 'skip', 'stop'] as const) {
  test(`a worker lost after an intent: the run pauses, frees its place, asks what would be sent twice, and "${answer}" is done also after a restart`, async () => {
    const journal = createMemoryJournal();
    const sent: string[] = [];
    const studio = world(sending('dies', sent), { journal });
    const id = await studio.start(kept);
    expect(await paused(studio, id)).toEqual({ kind: 'effects', effects: [{ node: 'log', effect: `${id}-1`, what: 'Two letters are sent.' }] });
    await heardBy(studio.executor.watch(await studio.start(small())));
    expect(studio.executor.load()).toMatchObject({ running: 0, queued: 0 });
    await studio.close();
    expect(journal.run(id)?.status).toBe('paused');

    const after = world(sending('done', sent), { journal });
    expect(journal.run(id)?.status).toBe('paused');
    await expect(after.executor.answer(RunId.parse('nobody'), 'skip', 'person')).rejects.toMatchObject({ code: 'not_found' });
    await after.executor.answer(id, answer, 'person');
    await heardBy(after.executor.watch(id));
    const run = journal.run(id);
    expect(run?.status).toBe(answer === 'stop' ? 'failed' : 'completed');
    expect(sent.filter((one) => one.startsWith(id))).toHaveLength(answer === 'repeat' ? 2 : 1);
    expect(run?.nodes['log']?.effects.map((one) => one.state)).toEqual(answer === 'repeat' ? ['dropped', 'confirmed'] : answer === 'skip' ? ['confirmed'] : ['intended']);
    expect(run?.nodes['sum']?.attempts).toHaveLength(1);
    await expect(after.executor.answer(id, 'skip', 'person')).rejects.toMatchObject({ code: 'conflict' });
    await after.close();
  });
}

test('a node that failed after an intent is not tried again before a person has said so', async () => {
  const sent: string[] = [];
  const studio = world(sending('fails', sent));
  const id = await studio.start(small({ log: { retry: { attempts: 3, initialMs: 0, maxMs: 0, jitter: 0 } } }));
  expect(await paused(studio, id)).toMatchObject({ kind: 'effects' });
  await studio.executor.answer(id, 'repeat', 'person');
  await heardBy(studio.executor.watch(id));
  expect([studio.journal.run(id)?.status, sent.length]).toEqual(['completed', 2]);
  await studio.close();
});

test('a node whose worker has to be ended for its timeout is tried again by another one', async () => {
  const studio = world({ segment: (worker, message, job) => (message.segment === 'sum' && message.attempt === 1 ? undefined : worker.say(doneWith(message, job))), cancel: () => undefined });
  const id = await studio.start(small({ m: { timeoutMs: 10, retry: { attempts: 2, initialMs: 0, maxMs: 0, jitter: 0 } } }));
  const heard = eventTypes(await heardBy(studio.executor.watch(id)));
  expect(heard.filter((type) => type.startsWith('Workflow') || type.startsWith('NodeRetry'))).toEqual(['WorkflowRequested', 'WorkflowStarted', 'WorkflowInterrupted', 'WorkflowResumed', 'NodeRetryScheduled', 'WorkflowCompleted']);
  expect(studio.journal.run(id)?.nodes['m']?.attempts).toMatchObject([{ outcome: 'failed', error: { code: 'timeout' } }, { outcome: 'completed' }]);
  expect(studio.workers).toHaveLength(2);
  await studio.close();
});

test('a run of one workflow at a time: the limit holds also for runs that lost their worker', async () => {
  let going = 0;
  let most = 0;
  const dead = new Set<string>();
  const studio = world(
    {
      segment: (worker, message, job) => {
        if (message.segment === 'sum') most = Math.max(most, (going += 1));
        if (message.segment === 'sum' && !dead.has(message.runId)) {
          dead.add(message.runId);
          going -= 1;
          return worker.die('signal SIGKILL');
        }
        if (message.segment === 'log') going -= 1;
        worker.say(doneWith(message, job));
      },
    },
    { workers: 3 },
  );
  const ids = await Promise.all(Array.from({ length: 6 }, () => studio.start(small({}, 'one', { maxConcurrentRuns: 1 }))));
  for (const id of ids) await heardBy(studio.executor.watch(id));
  expect([most, studio.journal.runs({ status: ['completed'] }, 0, 1).total]).toEqual([1, 6]);
  await studio.close();
});

test('an answer that can not be written down is refused, and the question stays', async () => {
  const journal = createMemoryJournal();
  let full = false;
  const append: typeof journal.append = (...args) => {
    if (full) throw new StudioError('io', 'The disk is full.');
    return journal.append(...args);
  };
  const studio = world(sending('dies'), { journal: { ...journal, append } });
  const id = await studio.start(kept);
  await paused(studio, id);
  full = true;
  await expect(studio.executor.answer(id, 'skip', 'person')).rejects.toMatchObject({ code: 'io' });
  full = false;
  await studio.executor.answer(id, 'skip', 'person');
  await heardBy(studio.executor.watch(id));
  expect(journal.run(id)?.status).toBe('completed');
  await studio.close();
});

test('a paused run is cancelled where somebody wants that, also after a restart', async () => {
  const journal = createMemoryJournal();
  const before = world(sending('dies'), { journal });
  const id = await before.start(kept);
  await paused(before, id);
  await before.close();
  const after = world({}, { journal });
  await after.executor.cancel(id, 'person');
  expect(journal.run(id)).toMatchObject({ status: 'cancelled', nodes: { sum: { status: 'completed' } } });
  await after.close();
});

test('an effect that a repeat of its rows would do again is asked about first', async () => {
  const sent: string[] = [];
  const journal = createMemoryJournal();
  const script = sending('done', sent);
  const workflow = { ...small(), nodes: [...small().nodes, { ...(small().nodes[3] ?? expect.fail()), id: node('slow') }], edges: [...small().edges, { id: 'sum>slow', source: node('sum'), target: node('slow') }] };
  const before = world({ ...script, segment: (worker, message, job) => (message.segment === 'slow' ? undefined : script.segment?.(worker, message, job)) }, { journal });
  const id = await before.start(workflow);
  await vi.waitFor(() => expect(journal.run(id)?.nodes['slow']?.status).toBe('running'), PATIENCE);
  await before.close();
  // The source gives other rows each time, and nothing was kept: the letters would be others.
  const after = world(script, { journal });
  expect(await paused(after, id)).toMatchObject({ effects: [{ node: 'log' }] });
  await after.executor.answer(id, 'skip', 'person');
  await heardBy(after.executor.watch(id));
  expect([journal.run(id)?.status, sent.length]).toEqual(['completed', 1]);
  await after.close();
});

test('work before a pause counts as work, the wait for an answer as nothing; the timeout goes by the work', async () => {
  const journal = createMemoryJournal();
  let now = 0;
  const minutes = (count: number): void => void (now += count * 60_000);
  const script = sending('fails');
  const slow: Script = { ...script, segment: (worker, message, job) => (minutes(1), script.segment?.(worker, message, job)) };
  const studio = world(slow, { journal, steady: () => now });
  const id = await studio.start(small({ log: { retry: { attempts: 3, initialMs: 0, maxMs: 0, jitter: 0 } } }, 'w', { timeoutMs: 10 * 60_000 }));
  await paused(studio, id);
  expect(journal.run(id)).toMatchObject({ status: 'paused', workedMs: 2 * 60_000 });
  minutes(100);
  await studio.executor.answer(id, 'repeat', 'person');
  await heardBy(studio.executor.watch(id));
  // Both segments run again: nothing was kept.
  expect(journal.run(id)).toMatchObject({ status: 'completed', durationMs: 4 * 60_000, workedMs: 2 * 60_000 });
  await studio.close();
});

test('the wait for a worker is no part of what a run takes, and one that never started took nothing', async () => {
  let now = 0;
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const studio = world({ segment: (worker, message, job) => void asked.then(() => ((now += 1000), worker.say(doneWith(message, job)))) }, { steady: () => now });
  const [first, second, third] = [await studio.start(small()), await studio.start(small()), await studio.start(small())];
  await studio.executor.cancel(third, 'person');
  resolve();
  for (const id of [first, second]) await heardBy(studio.executor.watch(id));
  expect([first, second, third].map((id) => studio.journal.run(id)?.durationMs)).toEqual([2000, 2000, 0]);
  await studio.close();
});

test('a run that was ended instead of being answered has taken as long as it was worked on', async () => {
  const journal = createMemoryJournal();
  let now = 0;
  const studio = world(sending('dies'), { journal, steady: () => now });
  const id = await studio.start(kept);
  await paused(studio, id);
  now += 3_600_000;
  await studio.close();
  const after = world({}, { journal, steady: () => (now += 60_000) });
  await after.executor.answer(id, 'stop', 'person');
  expect(journal.run(id)).toMatchObject({ status: 'failed', durationMs: 0 });
  await after.close();
});

test('"skip" says nothing to a run that asks whether to go on: it is refused, and the question stays', async () => {
  const journal = createMemoryJournal();
  const before = world({ segment: () => undefined }, { journal });
  const id = await before.start(small({}, 'a', { recovery: 'ask' }));
  const after = world({}, { journal });
  await expect(after.executor.answer(id, 'skip', 'person')).rejects.toMatchObject({ code: 'invalid_input', remedy: expect.stringContaining('repeat') });
  expect(journal.run(id)?.status).toBe('paused');
  await after.close();
  await before.close().catch(() => undefined);
});

test('what its workflow says about crashes is done: ask, or fail', async () => {
  const journal = createMemoryJournal();
  const before = world({ segment: () => undefined }, { journal, workers: 2 });
  const asked = await before.start(small({}, 'a', { recovery: 'ask' }));
  const failing = await before.start(small({}, 'b', { recovery: 'fail' }));
  // The process is gone without a word: this one goes on beside it, on what it has written.
  const after = world({}, { journal });
  expect(journal.run(asked)).toMatchObject({ status: 'paused', question: { kind: 'recovery' } });
  expect(journal.run(failing)).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } });
  await after.executor.answer(asked, 'repeat', 'person');
  await heardBy(after.executor.watch(asked));
  expect(journal.run(asked)?.status).toBe('completed');
  await after.close();
  await before.close().catch(() => undefined);
});

test('a run whose workflow can not run any more fails with that as the reason', async () => {
  const journal = createMemoryJournal();
  const before = world({ segment: () => undefined }, { journal });
  const id = await before.start(small());
  const waiting = await before.start(small());
  await before.close();
  const after = world({}, { journal, check: () => [{ severity: 'error', code: 'unknown_type', message: 'There is no node type "gone.node".', node: node('n') }] });
  for (const one of [id, waiting]) expect(journal.run(one)).toMatchObject({ status: 'failed', error: { code: 'invalid_workflow', message: `It can't go on: There is no node type "gone.node".` } });
  await after.close();
});

test('closed: a run goes on in the next process with what had been kept, and counts the time that it was worked on', async () => {
  const journal = createMemoryJournal();
  const before = world({ segment: (worker, message, job) => (message.segment === 'log' ? undefined : worker.say(doneWith(message, job))) }, { journal });
  const id = await before.start(kept);
  await vi.waitFor(() => expect(journal.run(id)?.nodes['log']?.status).toBe('running'), PATIENCE);
  await before.close();
  expect(journal.run(id)).toMatchObject({ status: 'interrupted', nodes: { log: { status: 'lost' }, sum: { status: 'completed' } } });
  const after = world({}, { journal });
  const heard = eventTypes(await heardBy(after.executor.watch(id)));
  expect(heard.slice(-4)).toEqual(['WorkflowResumed', 'NodeExecutionStarted', 'NodeExecutionCompleted', 'WorkflowCompleted']);
  const run = journal.run(id);
  expect(run?.nodes['sum']?.attempts).toHaveLength(1);
  expect(run?.workedMs).toBeGreaterThanOrEqual(0);
  expect(run?.durationMs).toBeLessThan(60_000);
  await after.close();
});

test('a journal that can not be written for a while: the run is stopped, and goes on when it can', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const journal = createMemoryJournal();
  let full = false;
  const append: typeof journal.append = (...args) => {
    if (full) throw new StudioError('io', 'The disk is full.');
    return journal.append(...args);
  };
  const studio = world({ segment: (worker, message, job) => worker.say(doneWith(message, job)) }, { journal: { ...journal, append } });
  const id = await studio.start(small());
  full = true;
  await expect(heardBy(studio.executor.watch(id))).rejects.toMatchObject({ code: 'io' });
  await pass(10_000);
  expect(journal.run(id)?.status).toBe('running');
  full = false;
  await pass(60_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(journal.run(id)?.status).toBe('completed'), PATIENCE);
  expect(journal.read(runStream(id)).map((event) => event.type)).toContain('WorkflowResumed');
  await studio.close();
});
