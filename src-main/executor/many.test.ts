import { expect, test, vi } from 'vitest';
import { runStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { PATIENCE } from '#shared/patience.testing';
import { Workflow } from '#shared/workflow/workflow';
import { createMemoryJournal } from '../journal/memory.ts';
import { heardBy, small, world } from './fake-worker.testing.ts';

test('thousands of unfinished runs are taken up little by little, by as many workers as there are, the urgent ones of the first first', async () => {
  const journal = createMemoryJournal();
  const workflow = small();
  const count = 500;
  for (let n = 0; n < count; n += 1) {
    const requested: NewEvent = {
      type: 'WorkflowRequested',
      data: { runId: RunId.parse(`r${n}`), workflowId: WorkflowId.parse('small'), workflowName: 'small', revision: 'rev', workflow: workflow as unknown as JsonObject, file: null, folder: '/tmp', trigger: { kind: 'manual' }, scope: { kind: 'all' }, priority: n === 50 ? 7 : 0, origin: null },
      at: 1,
      id: `q${n}`,
    };
    journal.append(runStream(`r${n}`), 'none', [requested]);
  }
  const order: string[] = [];
  const studio = world({ close: (worker, run) => (order.push(run), worker.say({ kind: 'closed', runId: run })) }, { journal, workers: 2 });
  const late = await studio.start(small({}, 'other'));
  await heardBy(studio.executor.watch(late));
  expect(journal.run(late)?.status).toBe('completed');
  await vi.waitFor(() => expect(order).toHaveLength(count + 1), PATIENCE);
  expect(order[0]).toBe('r50');
  expect(studio.workers.length).toBeLessThanOrEqual(2);
  await vi.waitFor(() => expect(journal.unfinished()).toEqual([]), PATIENCE);
  await studio.close();
});

test('a run of ten thousand nodes comes to its end: each step costs what changes in it', async () => {
  const nodes = 10_000;
  const chain = Workflow.parse({
    formatVersion: 1,
    id: 'chain',
    name: 'Chain',
    nodes: Array.from({ length: nodes }, (_, n) => ({ id: `n${n}`, type: n === 0 ? 'source' : 'transform', nodeType: n === 0 ? 'sequence.numbers' : 'aggregate.sum' })),
    edges: Array.from({ length: nodes - 1 }, (_, n) => ({ id: `e${n}`, source: `n${n}`, target: `n${n + 1}` })),
  });
  // The journal in memory copies a stream for each append: here only the events are of interest.
  const journal = createMemoryJournal();
  const events: NewEvent[] = [];
  const append: typeof journal.append = (stream, _expected, some) => {
    events.push(...some);
    return some.map((event, index) => ({ ...event, position: events.length + index, stream, version: events.length + index, schema: 1, correlation: null, causation: null }));
  };
  // The usual double looks for keys, which takes it longer than all that is of interest here.
  const studio = world(
    {
      segment: (worker, { runId, segment, attempt }) =>
        worker.say({ kind: 'done', runId, segment, attempt, outputs: [], nodes: (segment === 'n1' ? ['n0', 'n1'] : [segment]).map((node) => ({ node: NodeId.parse(node), rowsIn: 1, rowsOut: { out: 1 }, durationMs: 1, report: {}, key: null })) }),
    },
    { journal: { ...journal, append } },
  );
  await studio.start(chain);
  await vi.waitFor(() => expect(events.at(-1)?.type).toBe('WorkflowCompleted'), { ...PATIENCE, interval: 5 });
  expect(events.filter((event) => event.type === 'NodeExecutionCompleted')).toHaveLength(nodes);
  await studio.close();
});
