import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { EffectProof } from '#shared/events';
import { NodeId } from '#shared/ids';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Executor } from '../studio-types.ts';
import { lookAt } from './effects.ts';
import { doneWith, failedWith, heardBy, world } from './fake-worker.testing.ts';
import type { Script } from './fake-worker.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-boundaries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two branches from one table: one is kept and appended to a file, the other is tried again once. */
const workflow = (source: 'random.numbers' | 'sequence.numbers') =>
  Workflow.parse({
    formatVersion: 1,
    id: source,
    name: source,
    nodes: [
      { id: 'src', type: 'source', nodeType: source },
      { id: 'sum', type: 'transform', nodeType: 'aggregate.sum', checkpoint: true },
      { id: 'add', type: 'sink', nodeType: 'file.text', config: { path: 'added.txt', append: true } },
      { id: 'again', type: 'transform', nodeType: 'map.transform', retry: { attempts: 2, backoff: 'constant', initialMs: 1, maxMs: 1, jitter: 0 } },
      { id: 'total', type: 'transform', nodeType: 'aggregate.sum' },
      { id: 'log', type: 'sink', nodeType: 'console.log' },
    ],
    edges: ['src>sum', 'sum>add', 'src>again', 'again>total', 'total>log'].map((text) => ({ id: text, source: text.split('>')[0], target: text.split('>')[1] })),
  });

/** Appends a line as the data plane does: all is ready beside the file, then one rename. */
function appending(path: string): Script {
  let next: (() => void) | undefined;
  return {
    segment(worker, message, job) {
      if (message.segment === 'total' && message.attempt === 1) return worker.say(failedWith(message, 'again', 'io'));
      if (message.segment !== 'add') return worker.say(doneWith(message, job));
      const staged = `${path}.${message.attempt}.new`;
      const before = lookAt(path);
      writeFileSync(staged, `${before === null ? '' : readFileSync(path, 'utf8')}line\n`);
      const after = lookAt(staged) ?? expect.fail();
      const proof: EffectProof = { kind: 'file', path, before, after };
      next = () => {
        renameSync(staged, path);
        const results = [{ node: NodeId.parse('add'), rowsIn: 1, rowsOut: {}, durationMs: 1, report: {}, key: null }];
        worker.say(doneWith(message, job, { nodes: results }));
      };
      worker.say({ kind: 'intend', runId: message.runId, segment: message.segment, attempt: message.attempt, node: NodeId.parse('add'), effect: `${message.runId}-${message.attempt}`, what: 'One line is appended.', rows: 1, proof });
    },
    proceed: () => next?.(),
  };
}

/** As a run looks to a person when it is over: how often it was tried and when is left out. */
const outcome = (run: Run | null) => ({
  status: run?.status,
  nodes: Object.values(run?.nodes ?? {}).map(({ id, status, rowsIn, rowsOut, error, skipped, effects }) => ({ id, status, rowsIn, rowsOut, error, skipped, confirmed: effects.filter((one) => one.state === 'confirmed').length, open: effects.filter((one) => one.state === 'intended').length })),
});

/** A journal that ends with the process: of all appends the first `count` are written, the last of them with or without an answer. */
function dying(journal: Journal, count: number, answered: boolean): { readonly journal: Journal; readonly died: Promise<void> } {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let left = count;
  const append: Journal['append'] = (...args) => {
    left -= 1;
    if (left >= 0) {
      const kept = journal.append(...args);
      if (left > 0 || answered) return kept;
    }
    resolve();
    throw new Error('The process has ended.');
  };
  return { journal: { ...journal, append, together: (work) => work() }, died };
}

async function undisturbed(source: 'random.numbers' | 'sequence.numbers') {
  const dataDir = mkdtempSync(join(folder, 'calm-'));
  const journal = createMemoryJournal();
  let appends = 0;
  const append: Journal['append'] = (...args) => {
    appends += 1;
    return journal.append(...args);
  };
  const path = join(dataDir, 'added.txt');
  const studio = world(appending(path), { journal: { ...journal, append }, dataDir });
  const id = await studio.start(workflow(source));
  await heardBy(studio.executor.watch(id));
  const text = readFileSync(path, 'utf8');
  await studio.close();
  return { appends, outcome: outcome(journal.run(id)), text };
}

/** Until it has ended, asks something, or its process is gone. */
async function untilItRests(executor: Executor, id: RunId): Promise<void> {
  try {
    for await (const update of executor.watch(id)) if (update.kind === 'event' && update.event.type === 'WorkflowPaused') return;
  } catch {
    // The journal is gone with its process.
  }
}

for (const source of ['sequence.numbers', 'random.numbers'] as const) {
  test(`killed after each append, a run of ${source} ends as an undisturbed one, with every line appended once`, async () => {
    const calm = await undisturbed(source);
    expect(calm.outcome.status).toBe('completed');
    expect(calm.appends).toBeGreaterThan(6);
    for (let count = 1; count <= calm.appends; count += 1) {
      for (const answered of [true, false]) {
        const dataDir = mkdtempSync(join(folder, 'killed-'));
        const path = join(dataDir, 'added.txt');
        const journal = createMemoryJournal();
        const { journal: mortal, died } = dying(journal, count, answered);
        const before = world(appending(path), { journal: mortal, dataDir });
        const started = before.start(workflow(source)).catch(() => null);
        await Promise.race([died, started.then(async (id) => (id === null ? [] : heardBy(before.executor.watch(id)).catch(() => [])))]);
        await started;
        await before.executor.close();
        // The one that takes it up may be killed as well.
        const second = dying(journal, (count * 5) % 4, answered);
        const between = world(appending(path), { journal: second.journal, dataDir });
        await Promise.race([second.died, untilItRests(between.executor, journal.runs({}, 0, 1).rows[0]?.id ?? expect.fail())]);
        await between.executor.close();
        const after = world(appending(path), { journal, dataDir });
        const id = journal.runs({}, 0, 1).rows[0]?.id ?? expect.fail();
        // What is asked is whether the line is to be appended again, because its rows will be others.
        for await (const update of after.executor.watch(id)) if (update.kind === 'event' && update.event.type === 'WorkflowPaused') await after.executor.answer(id, 'skip', 'person');
        const run = journal.run(id);
        const place = `after append ${count}${answered ? '' : ', unanswered'}`;
        expect(run?.question, place).toBeNull();
        expect({ place, ...outcome(run) }).toEqual({ place, ...calm.outcome });
        expect(readFileSync(path, 'utf8'), place).toBe(calm.text);
        expect(statSync(path).isFile()).toBe(true);
        await after.close();
      }
    }
  });
}
