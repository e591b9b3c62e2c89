import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { createMemoryJournal } from '../journal/memory.ts';
import { lookAt } from './effects.ts';
import { doneWith, heardBy, small, world } from './fake-worker.testing.ts';

const node = (id: string): NodeId => NodeId.parse(id);
/** Sum's rows are kept. */
const kept = small({ sum: { checkpoint: true }, n: { nodeType: 'sequence.numbers' } });

test('an append that was found done completes its node with the rows it was about; one that was not runs again', async () => {
  for (const happened of [true, false]) {
    const journal = createMemoryJournal();
    const dies: { now?: () => void } = {};
    const before = world({
      segment: (worker, message, job) => {
        if (message.segment !== 'log') return worker.say(doneWith(message, job));
        const path = join(before.dataDir, 'out.txt');
        writeFileSync(`${path}.new`, 'a\nb\n');
        const made = lookAt(`${path}.new`) ?? expect.fail();
        const intent = { kind: 'intend', runId: message.runId, segment: 'log', attempt: 1, node: node('log'), what: 'Two lines.', rows: 2 } as const;
        // Somebody else had written to the file: the first one can't happen any more.
        worker.say({ ...intent, effect: 'e0', proof: { kind: 'file', path, before: made, after: { ...made, bytes: 9 } } });
        worker.say({ ...intent, effect: 'e1', instead: 'e0', proof: { kind: 'file', path, before: null, after: made } });
      },
      proceed: (_worker, message) => (message.effect === 'e1' ? dies.now?.() : undefined),
    }, { journal });
    const gone = new Promise<void>((resolve) => {
      dies.now = resolve;
    });
    const id = await before.start(kept);
    await gone;
    const path = join(before.dataDir, 'out.txt');
    if (happened) renameSync(`${path}.new`, path);
    const ran: string[] = [];
    const after = world({ segment: (worker, message, job) => (ran.push(message.segment), worker.say(doneWith(message, job))) }, { journal });
    await heardBy(after.executor.watch(id));
    expect(ran).toEqual(happened ? [] : ['log']);
    expect(journal.run(id)).toMatchObject({ status: 'completed', nodes: { log: { status: 'completed', rowsIn: 2, effects: [{ effect: 'e0', state: 'dropped' }, { effect: 'e1', state: happened ? 'confirmed' : 'dropped' }] } } });
    await after.close();
    await before.close().catch(() => undefined);
    rmSync(path, { force: true });
  }
});

test('an append that was found done completes its whole segment with what that had counted before', async () => {
  const journal = createMemoryJournal();
  const counts = (['n', 'm', 'log'] as const).map((id, index) => ({ node: node(id), rowsIn: [0, 9, 7][index] ?? 0, rowsOut: id === 'log' ? {} : { out: index === 0 ? 9 : 7 }, durationMs: index + 0.5, report: { looked: index }, key: null }));
  const { nodes, edges, ...rest } = small();
  const fused = { ...rest, nodes: nodes.filter((one) => one.id !== node('sum')), edges: [...edges.slice(0, 1), { id: 'm>log', source: node('m'), target: node('log') }] };
  const before = world({
    segment: (worker, message) => {
      const path = join(before.dataDir, 'out.txt');
      writeFileSync(path, 'a\n');
      worker.say({ kind: 'intend', runId: message.runId, segment: 'log', attempt: 1, node: node('log'), effect: 'e1', what: 'Seven lines.', rows: 7, proof: { kind: 'file', path, before: null, after: lookAt(path) ?? expect.fail() }, counts });
    },
    proceed: (worker) => worker.die('signal SIGKILL'),
  }, { journal });
  const id = await before.start(fused);
  await heardBy(before.executor.watch(id));
  const known = counts.map(({ node: of, key: _key, ...counted }) => [of, { status: 'completed', ...counted }]);
  expect(journal.run(id)).toMatchObject({ status: 'completed', nodes: Object.fromEntries(known) });
  await before.close();
});
