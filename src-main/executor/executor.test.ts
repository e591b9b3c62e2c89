import { expect, test, vi } from 'vitest';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { PATIENCE } from '#shared/patience.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import { OVER_CEILING } from './ceiling.ts';
import { doneWith, eventTypes, failedWith, heardBy, small, world } from './fake-worker.testing.ts';

test('a run goes from its request to its end, and whoever watches hears all of it', async () => {
  const studio = world({
    segment: (worker, message, job) => {
      worker.say({ kind: 'progress', runId: message.runId, segment: message.segment, fraction: 0.5, nodes: [{ node: NodeId.parse('n'), rowsIn: 0, rowsOut: { out: 7 }, estimated: true, rowsPerSecond: 70 }] });
      worker.say({ kind: 'console', runId: message.runId, node: NodeId.parse('log'), lines: ['hello'] });
      worker.say(doneWith(message, job));
    },
    close: (worker, run) => {
      worker.say({ kind: 'sample', runId: run, node: NodeId.parse('n'), port: 'out', sample: { columns: [], rows: [['1']], partial: false } });
      worker.say({ kind: 'closed', runId: run });
    },
  });
  const id = await studio.start(small());
  expect(studio.journal.read(runStream(id))[0]?.type).toBe('WorkflowRequested');
  const heard = await heardBy(studio.executor.watch(id));
  expect(eventTypes(heard)).toEqual([
    'WorkflowRequested', 'WorkflowStarted',
    'NodeExecutionStarted', 'NodeExecutionStarted', 'NodeExecutionStarted',
    'NodeExecutionCompleted', 'NodeExecutionCompleted', 'NodeExecutionCompleted', 'NodeExecutionStarted',
    'NodeExecutionCompleted', 'WorkflowCompleted',
  ]);
  expect(heard.find((update) => update.kind === 'progress')).toMatchObject({ fraction: 0.5, nodes: [{ node: 'n', rowsOut: { out: 7 }, estimated: true }] });
  expect(studio.journal.read(runStream(id))).toHaveLength(eventTypes(heard).length);
  expect(heard.at(-1)).toEqual({ kind: 'sample', node: 'n', port: 'out' });
  expect(studio.journal.logs(id).map((line) => line.text)).toEqual(['hello', 'hello']);
  expect(await studio.executor.sample(id, 'n', 'out')).toMatchObject({ rows: [['1']] });
  expect(await studio.executor.sample(id, '__proto__', 'out')).toBeNull();
  const again = await heardBy(studio.executor.watch(id));
  expect(eventTypes(again)).toEqual(eventTypes(heard));
  expect(again.at(-1)).toEqual({ kind: 'sample', node: 'n', port: 'out' });
  await studio.close();
});

test('a started node is in the journal before its worker hears of it', async () => {
  const seen: unknown[] = [];
  const studio = world({
    segment: (worker, message, job) => {
      seen.push([message.segment, studio.journal.run(message.runId)?.nodes[message.segment]?.status]);
      worker.say(doneWith(message, job));
    },
  });
  await heardBy(studio.executor.watch(await studio.start(small())));
  expect(seen).toEqual([['sum', 'running'], ['log', 'running']]);
  await studio.close();
});

test('a failure says where, skips the rest and frees the worker', async () => {
  const studio = world({ segment: (worker, message) => worker.say(failedWith(message, 'm', 'io')) });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  const run = studio.journal.run(id);
  expect([run?.status, run?.failedNode, run?.error?.code]).toEqual(['failed', 'm', 'io']);
  expect(Object.fromEntries(Object.values(run?.nodes ?? {}).map((node) => [node.id, node.skipped?.kind ?? node.status]))).toEqual({ n: 'segmentFailed', m: 'failed', sum: 'segmentFailed', log: 'upstreamFailed' });
  expect(studio.journal.logs(id)).toMatchObject([{ node: 'm', level: 'error' }]);
  await heardBy(studio.executor.watch(await studio.start(small())));
  expect(studio.workers).toHaveLength(1);
  await studio.close();
});

test('a run whose worker dies goes on with another one, and so does the next run', async () => {
  let deaths = 1;
  const studio = world({ segment: (worker, message, job) => (deaths-- > 0 ? worker.die('signal SIGKILL') : worker.say(doneWith(message, job))) });
  const lost = await studio.start(small());
  const next = await studio.start(small());
  const heard = eventTypes(await heardBy(studio.executor.watch(lost)));
  await heardBy(studio.executor.watch(next));
  expect(heard.filter((type) => type.startsWith('Workflow'))).toEqual(['WorkflowRequested', 'WorkflowStarted', 'WorkflowInterrupted', 'WorkflowResumed', 'WorkflowCompleted']);
  const run = studio.journal.run(lost);
  expect(run?.nodes['n']?.attempts).toMatchObject([{ outcome: 'lost', reason: expect.stringContaining('SIGKILL') }, { outcome: 'completed' }]);
  expect(studio.journal.run(next)?.status).toBe('completed');
  await studio.close();
});

test('a run that loses one worker after the other without getting any further fails with the reason', async () => {
  const studio = world({ segment: (worker) => worker.die('signal SIGSEGV') });
  const id = await studio.start(small());
  await heardBy(studio.executor.watch(id));
  expect(studio.journal.run(id)).toMatchObject({ status: 'failed', error: { code: 'worker_lost', message: expect.stringContaining('SIGSEGV') }, fruitless: 3 });
  expect(studio.workers.length).toBeGreaterThanOrEqual(3);
  await studio.close();
});

test('a worker that outgrew its limit fails its node: it would outgrow it again', async () => {
  const studio = world({ segment: (worker) => worker.die(OVER_CEILING) });
  const id = await studio.start(small({ sum: { retry: { attempts: 5, initialMs: 0 } } }));
  await heardBy(studio.executor.watch(id));
  const run = studio.journal.run(id);
  expect([run?.status, run?.failedNode, run?.error?.code, run?.nodes['sum']?.attempts.length]).toEqual(['failed', 'sum', 'worker_lost', 1]);
  await studio.close();
});

test('workers that never come up fail the runs that wait, instead of trying for ever', async () => {
  const studio = world({ ready: false, segment: (worker) => worker.die('exit code 1') });
  const ids = await Promise.all([studio.start(small()), studio.start(small())]);
  for (const id of ids) {
    await heardBy(studio.executor.watch(id));
    expect(studio.journal.run(id)?.error?.code).toBe('worker_lost');
  }
  expect(studio.workers.length).toBeLessThanOrEqual(6);
  await studio.close();
});

test('cancelling a running run stops its worker; one that does not answer is ended', async () => {
  const polite = world({ segment: () => undefined });
  const first = await polite.start(small());
  await polite.executor.cancel(first, 'person');
  await heardBy(polite.executor.watch(first));
  expect(polite.journal.run(first)).toMatchObject({ status: 'cancelled', cancelRequested: true });
  expect(polite.workers).toHaveLength(1);
  await polite.close();

  const deaf = world({ segment: () => undefined, cancel: () => undefined });
  const second = await deaf.start(small());
  await deaf.executor.cancel(second, 'person');
  await heardBy(deaf.executor.watch(second));
  const run = deaf.journal.run(second);
  expect(run?.status).toBe('cancelled');
  expect(Object.values(run?.nodes ?? {}).every((node) => node.skipped?.kind === 'cancelled')).toBe(true);
  await deaf.close();
});

test('a run that waits is cancelled without a worker, a run that has ended stays as it is', async () => {
  const studio = world({ segment: () => undefined });
  const holding = await studio.start(small());
  const waiting = await studio.start(small());
  expect(studio.executor.load()).toMatchObject({ running: 1, queued: 1 });
  await studio.executor.cancel(waiting, 'person');
  expect(eventTypes(await heardBy(studio.executor.watch(waiting)))).not.toContain('WorkflowStarted');
  expect(studio.journal.run(waiting)?.status).toBe('cancelled');
  await studio.executor.cancel(waiting, 'person');
  await expect(studio.executor.cancel(RunId.parse('nobody'), 'person')).rejects.toMatchObject({ code: 'not_found' });
  await studio.executor.cancel(holding, 'person');
  await studio.close();
});

test('waiting runs take turns by workflow', async () => {
  const order: string[] = [];
  const studio = world({
    segment: (worker, message, job) => {
      if (message.segment === 'sum') order.push(message.runId);
      worker.say(doneWith(message, job));
    },
  });
  const many = await Promise.all(['a', 'a', 'a', 'b', 'c'].map((id) => studio.start(small({}, id))));
  await Promise.all(many.map((id) => heardBy(studio.executor.watch(id))));
  expect(order.map((id) => many.indexOf(RunId.parse(id)))).toEqual([0, 1, 3, 4, 2]);
  await studio.close();
});

test('a node is tried again as its retry says', async () => {
  let failures = 2;
  const studio = world({ segment: (worker, message, job) => worker.say(failures-- > 0 ? failedWith(message, 'm', 'io') : doneWith(message, job)) });
  const retry = { attempts: 3, backoff: 'constant', initialMs: 5, maxMs: 5, jitter: 0 };
  const id = await studio.start(small({ m: { retry } }));
  const heard = await heardBy(studio.executor.watch(id));
  expect(eventTypes(heard).filter((type) => type === 'NodeRetryScheduled')).toHaveLength(2);
  const run = studio.journal.run(id);
  expect(run?.status).toBe('completed');
  expect(run?.nodes['m']?.attempts.map((attempt) => attempt.outcome)).toEqual(['failed', 'failed', 'completed']);
  await studio.close();
});

test('patience: a node that takes too long fails with timeout, and so does a run', async () => {
  const studio = world({ segment: () => undefined });
  const slowNode = await studio.start(small({ m: { timeoutMs: 20 } }));
  await heardBy(studio.executor.watch(slowNode));
  expect(studio.journal.run(slowNode)).toMatchObject({ status: 'failed', failedNode: 'm', error: { code: 'timeout' } });
  const slowRun = await studio.start(small({}, 'slow', { timeoutMs: 20 }));
  await heardBy(studio.executor.watch(slowRun));
  expect(studio.journal.run(slowRun)).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  await studio.close();
});

test('what an earlier process left unfinished goes on at the start; what was to be cancelled is', async () => {
  const journal = createMemoryJournal();
  const before = world({ segment: () => undefined }, { journal });
  const going = await before.start(small());
  const waiting = await before.start(small());
  const cancelled = await before.start(small());
  journal.append(runStream(cancelled), 'any', [{ type: 'WorkflowCancelRequested', data: { by: 'person' }, at: 1, id: 'c1' }]);

  const after = world({}, { journal });
  for (const id of [going, waiting]) await heardBy(after.executor.watch(id));
  const types = journal.read(runStream(going)).map((event) => event.type);
  expect(types.filter((type) => type.startsWith('Workflow'))).toEqual(['WorkflowRequested', 'WorkflowStarted', 'WorkflowInterrupted', 'WorkflowResumed', 'WorkflowCompleted']);
  expect(journal.run(going)?.nodes['n']?.attempts).toMatchObject([{ outcome: 'lost' }, { outcome: 'completed' }]);
  expect(journal.read(runStream(waiting)).map((event) => event.type)).not.toContain('WorkflowInterrupted');
  expect(journal.run(waiting)?.status).toBe('completed');
  expect(journal.run(cancelled)?.status).toBe('cancelled');
  expect(journal.unfinished()).toEqual([]);
  await after.close();
});

test('a journal that can no longer be written stops the run and tells whoever watches', async () => {
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
  await expect(studio.start(small())).rejects.toMatchObject({ code: 'io' });
  await studio.close();
});

test('questions have a worker of their own, and an answer for each', async () => {
  const studio = world({
    segment: () => undefined,
    ask: (worker, { id, question }) => worker.say(question.kind === 'columns' ? { kind: 'answer', id, ok: true, value: { n: { out: [] } } } : { kind: 'answer', id, ok: false, error: { code: 'node_failed', message: 'No.' } }),
  });
  const run = await studio.start(small());
  const draft = { workflow: small(), folder: studio.dataDir };
  expect(await studio.executor.columns(draft)).toEqual({ n: { out: [] } });
  await expect(studio.executor.preview(draft, NodeId.parse('n'), 'out', 10)).rejects.toMatchObject({ code: 'node_failed' });
  expect(studio.journal.run(run)?.status).toBe('running');
  await studio.close();
  expect(studio.journal.run(run)).toMatchObject({ status: 'interrupted', interruption: 'The studio was closed.' });
});

test('whoever stops watching is forgotten, and a signal ends it at once', async () => {
  const studio = world({ segment: () => undefined });
  const id = await studio.start(small());
  const stop = new AbortController();
  const heard = heardBy(studio.executor.watch(id, stop.signal));
  await vi.waitFor(() => expect(studio.workers[0]?.heard.length).toBe(2), PATIENCE);
  stop.abort();
  expect(eventTypes(await heard).at(-1)).toBe('NodeExecutionStarted');
  await studio.close();
});

test('many requests at once share commits, and each of them is run', async () => {
  const journal = createMemoryJournal();
  const together = vi.spyOn(journal, 'together');
  const studio = world({}, { workers: 2, warm: 2, journal });
  const ids = await Promise.all(Array.from({ length: 200 }, () => studio.start(small())));
  expect(together.mock.calls.length).toBeLessThan(100);
  expect(new Set(ids).size).toBe(200);
  for (const id of ids) await heardBy(studio.executor.watch(id));
  expect(journal.runs({ status: ['completed'] }, 0, 1).total).toBe(200);
  await studio.close();
});

test('a request that the journal does not take is refused alone; one that comes while the studio closes is refused too', async () => {
  const journal = createMemoryJournal();
  const studio = world({ segment: () => undefined, cancel: (worker, last) => last !== undefined && worker.say(failedWith(last, last.segment, 'cancelled')) }, { journal });
  await studio.start(small());
  const append = journal.append.bind(journal);
  vi.spyOn(journal, 'append').mockImplementation((stream, expected, events, more) => {
    if (events[0]?.type === 'WorkflowRequested' && events[0].data.workflowName === 'bad') throw new StudioError('io', 'The disk is full.');
    return append(stream, expected, events, more);
  });
  const settled = await Promise.allSettled([studio.start(small()), studio.start(small({}, 'bad')), studio.start(small())]);
  expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const late = studio.start(small());
  const closing = studio.close();
  await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  await closing;
  expect(journal.runs({}, 0, 10).counts).toMatchObject({ interrupted: 1, queued: 2 });
});

test('a worker takes the next run while the samples of the last one still come', async () => {
  const held: (() => void)[] = [];
  const studio = world({
    close: (worker, run) => {
      held.push(() => {
        worker.say({ kind: 'sample', runId: run, node: NodeId.parse('n'), port: 'out', sample: { columns: [], rows: [[run]], partial: false } });
        worker.say({ kind: 'closed', runId: run });
      });
    },
  });
  const first = await studio.start(small());
  await vi.waitFor(() => expect(studio.journal.run(first)?.status).toBe('completed'), PATIENCE);
  const second = await studio.start(small());
  await vi.waitFor(() => expect(studio.journal.run(second)?.status).toBe('completed'), PATIENCE);
  expect(studio.workers).toHaveLength(1);
  for (const answer of held) answer();
  for (const id of [first, second]) expect((await heardBy(studio.executor.watch(id))).at(-1)).toEqual({ kind: 'sample', node: 'n', port: 'out' });
  expect(await studio.executor.sample(second, 'n', 'out')).toMatchObject({ rows: [[second]] });
  await studio.close();
});
