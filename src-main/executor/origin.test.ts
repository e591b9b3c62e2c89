import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RunOrigin } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { PATIENCE } from '#shared/patience.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import { keptFile } from './difference.ts';
import { doneWith, eventTypes, failedWith, heardBy, keptHash, small, world } from './fake-worker.testing.ts';
import type { Script } from './fake-worker.testing.ts';

const node = (id: string): NodeId => NodeId.parse(id);
const steady = small({ n: { nodeType: 'sequence.numbers' }, sum: { checkpoint: true } });
const origin = (run: RunId, version: number, more: Partial<RunOrigin> = {}): RunOrigin => ({ kind: 'rerun', run, version, from: null, ...more });

/** `log` fails as long as the box says so; each segment gives a sample. */
const failing = (box: { fails: boolean; ran?: string[] }): Script => ({
  segment(worker, message, job) {
    box.ran?.push(message.segment);
    if (box.fails && message.segment === 'log') return worker.say(failedWith(message, 'log', 'io'));
    worker.say(doneWith(message, job));
    worker.say({ kind: 'sample', runId: message.runId, node: node(message.segment), port: 'out', sample: { columns: [], rows: [[message.runId]], partial: false } });
  },
});

test('run again from where it failed: what still stands is not run, also not the third time, and its rows are shown', async () => {
  const box = { fails: true, ran: new Array<string>() };
  const studio = world(failing(box));
  const first = await studio.start(steady);
  await heardBy(studio.executor.watch(first));
  const again = async (of: RunId) => {
    box.ran = [];
    const id = await studio.start(steady, { origin: origin(of, studio.journal.run(of)?.version ?? 0) });
    return { id, heard: await heardBy(studio.executor.watch(id)) };
  };
  const second = await again(first);
  expect(eventTypes(second.heard).slice(0, 6)).toEqual(['WorkflowRequested', 'WorkflowStarted', 'NodeOutputReused', 'NodeOutputReused', 'NodeOutputReused', 'NodeExecutionStarted']);
  expect(box.ran).toEqual(['log']);
  box.fails = false;
  const third = await again(second.id);
  expect(box.ran).toEqual(['log']);
  expect(studio.journal.run(third.id)).toMatchObject({ status: 'completed', nodes: { sum: { status: 'completed', reusedFrom: second.id, rowsOut: { out: 1 }, outputs: [{ hash: keptHash('sum', 'out') }] }, n: { rowsIn: 2 } } });
  expect(third.heard).toContainEqual({ kind: 'sample', node: 'sum', port: 'out' });
  expect(await studio.executor.sample(third.id, 'sum', 'out')).toMatchObject({ rows: [[first]] });
  expect(await studio.executor.sample(third.id, '__proto__', 'out')).toBeNull();
  await studio.close();
});

test('from a node on: it and what follows it run in any case', async () => {
  const box = { fails: false, ran: new Array<string>() };
  const studio = world(failing(box));
  const first = await studio.start(steady);
  await heardBy(studio.executor.watch(first));
  const version = studio.journal.run(first)?.version ?? 0;
  box.ran = [];
  for (const from of ['log', 'm']) await heardBy(studio.executor.watch(await studio.start(steady, { origin: origin(first, version, { from: node(from) }) })));
  expect(box.ran).toEqual(['log', 'sum', 'log']);
  await studio.close();
});

test('a fork reuses what there was at that event; what is not repeatable is not reused', async () => {
  const box = { fails: false, ran: new Array<string>() };
  const studio = world(failing(box));
  const runs: string[][] = [];
  for (const workflow of [steady, small({ sum: { checkpoint: true } })]) {
    const first = await studio.start(workflow);
    await heardBy(studio.executor.watch(first));
    const events = studio.journal.read(`run-${first}`);
    const sumDone = events.find((event) => event.type === 'NodeExecutionCompleted' && event.data.node === 'sum')?.version ?? expect.fail();
    for (const version of [sumDone - 1, sumDone, events.length]) {
      box.ran = [];
      await heardBy(studio.executor.watch(await studio.start(workflow, { origin: origin(first, version, { kind: 'fork' }) })));
      runs.push([...box.ran]);
    }
  }
  expect(runs).toEqual([['sum', 'log'], ['log'], [], ['sum', 'log'], ['sum', 'log'], ['sum', 'log']]);
  await studio.close();
});

test('a run that continues one that is not there is refused; one whose origin went while it waited runs from its start', async () => {
  const journal = createMemoryJournal();
  const studio = world({}, { journal });
  await expect(studio.start(steady, { origin: origin(RunId.parse('nobody'), 1) })).rejects.toMatchObject({ code: 'not_found' });
  expect(journal.runs({}, 0, 1).total).toBe(0);
  const first = await studio.start(steady);
  await heardBy(studio.executor.watch(first));
  await studio.close();
  const forgetful = world({}, { journal: { ...journal, run: (id, at) => (id === first && at !== undefined && asked++ > 0 ? null : journal.run(id, at)) } });
  let asked = 0;
  const id = await forgetful.start(steady, { origin: origin(first, 3) });
  await heardBy(forgetful.executor.watch(id));
  expect(journal.run(id)).toMatchObject({ status: 'completed', nodes: { sum: { reusedFrom: null } } });
  await forgetful.close();
});

test('a run that continues another survives the end of the studio while it waits, while it is opened and while it runs', async () => {
  for (const where of ['open', 'segment'] as const) {
    const journal = createMemoryJournal();
    const box = { fails: true, ran: new Array<string>() };
    const before = world(failing(box), { journal });
    const first = await before.start(steady);
    await heardBy(before.executor.watch(first));
    await before.close();
    const stuck: Script = where === 'open' ? { open: () => undefined } : { segment: () => undefined };
    const during = world(stuck, { journal });
    const id = await during.start(steady, { origin: origin(first, journal.run(first)?.version ?? 0) });
    await vi.waitFor(() => expect(during.workers[0]?.heard.some((one) => one.kind === where)).toBe(true), PATIENCE);
    await during.close();
    box.fails = false;
    box.ran = [];
    const after = world(failing(box), { journal });
    await heardBy(after.executor.watch(id));
    expect(box.ran).toEqual(['log']);
    expect(journal.run(id)).toMatchObject({ status: 'completed', nodes: { sum: { reusedFrom: first } } });
    await after.close();
  }
});

test('what the origin has done outside is not done again without a word: left standing or repeated', async () => {
  for (const answer of ['skip', 'repeat'] as const) {
    const sent: string[] = [];
    const script: Script = {
      segment: (worker, message, job) =>
        message.segment === 'log'
          ? worker.say({ kind: 'intend', runId: message.runId, segment: 'log', attempt: message.attempt, node: node('log'), effect: message.runId, what: 'A letter.', rows: 1, proof: null })
          : worker.say(doneWith(message, job)),
      proceed: (worker, { effect }, job) => {
        sent.push(effect);
        worker.say(doneWith(worker.heard.findLast((one) => one.kind === 'segment') ?? expect.fail(), job));
      },
    };
    const studio = world(script);
    const first = await studio.start(steady);
    await heardBy(studio.executor.watch(first));
    const id = await studio.start(steady, { origin: origin(first, studio.journal.run(first)?.version ?? 0, { from: node('log') }) });
    for await (const update of studio.executor.watch(id)) if (update.kind === 'event' && update.event.type === 'WorkflowPaused') await studio.executor.answer(id, answer, 'person');
    expect(studio.journal.run(id)).toMatchObject({ status: 'completed', nodes: { log: { status: 'completed', reusedFrom: answer === 'skip' ? first : null } } });
    expect(sent).toEqual(answer === 'skip' ? [first] : [first, id]);
    await studio.close();
  }
});

/** The sink `log` sends a letter, of which nothing can be told afterwards; effects have the names that the data plane gives them. */
const letters = (sent: string[]): Script => ({
  segment: (worker, message, job) =>
    message.segment === 'log'
      ? worker.say({ kind: 'intend', runId: message.runId, segment: 'log', attempt: message.attempt, node: node('log'), effect: `log:${message.attempt}:0`, what: 'A letter.', rows: 1, proof: null })
      : worker.say(doneWith(message, job)),
  proceed: (worker, { runId }, job) => {
    sent.push(runId);
    worker.say(doneWith(worker.heard.findLast((one) => one.kind === 'segment') ?? expect.fail(), job));
  },
});

test('what was done outside is asked about however many runs have been between: reused, or ended before they came to it', async () => {
  const sent: string[] = [];
  const studio = world(letters(sent));
  const first = await studio.start(steady);
  await heardBy(studio.executor.watch(first));
  const again = async (of: RunId, answer: 'skip' | 'stop' | 'repeat') => {
    const id = await studio.start(steady, { origin: origin(of, studio.journal.run(of)?.version ?? 0, { from: node('log') }) });
    let asked = 0;
    for await (const update of studio.executor.watch(id)) {
      if (update.kind !== 'event' || update.event.type !== 'WorkflowPaused') continue;
      asked += 1;
      await studio.executor.answer(id, answer, 'person');
    }
    expect([answer, asked]).toEqual([answer, 1]);
    return id;
  };
  const taken = await again(first, 'skip');
  const stopped = await again(taken, 'stop');
  const third = await again(stopped, 'skip');
  expect(sent).toEqual([first]);
  const last = await again(await again(third, 'repeat'), 'skip');
  expect(sent).toHaveLength(2);
  expect(studio.journal.run(last)).toMatchObject({ status: 'completed', nodes: { log: { status: 'completed' } } });
  await studio.close();
});

test('a repeat that somebody wanted is not wanted for ever: after a crash what has been done since is asked about again', async () => {
  const sent: string[] = [];
  const journal = createMemoryJournal();
  const slow = { ...(steady.nodes[3] ?? expect.fail()), id: node('slow') };
  const workflow = { ...small({ sum: { checkpoint: true } }), edges: [...steady.edges, { id: 'sum>slow', source: node('sum'), target: node('slow') }] };
  workflow.nodes = [...workflow.nodes, slow];
  const script = letters(sent);
  const stuck = { yes: false };
  const one = (open?: Script['open']) => world({ ...script, segment: (worker, message, job) => (message.segment === 'slow' ? (stuck.yes ? undefined : worker.say(doneWith(message, job))) : script.segment?.(worker, message, job)), ...(open === undefined ? {} : { open }) }, { journal });
  const before = one();
  const first = await before.start(workflow);
  await heardBy(before.executor.watch(first));
  stuck.yes = true;
  const id = await before.start(workflow, { origin: origin(first, journal.run(first)?.version ?? 0) });
  for await (const update of before.executor.watch(id)) {
    if (update.kind !== 'event') continue;
    if (update.event.type === 'WorkflowPaused') await before.executor.answer(id, 'repeat', 'person');
    if (update.event.type === 'NodeExecutionStarted' && update.event.data.node === 'slow') break;
  }
  await before.close();
  stuck.yes = false;
  // What was kept is gone, and the source gives other rows: the letter would be another.
  const after = one((worker, job) => worker.say({ kind: 'opened', runId: job.runId, standing: { steady: [], restored: [] } }));
  let asked = 0;
  for await (const update of after.executor.watch(id)) {
    if (update.kind !== 'event' || update.event.type !== 'WorkflowPaused') continue;
    asked += 1;
    if (journal.run(id)?.status === 'paused') await after.executor.answer(id, 'skip', 'person');
  }
  expect([asked, sent]).toEqual([2, [first, id]]);
  await after.close();
});

test('two outputs are held against each other: whole where both were kept and are still there, else by their samples', async () => {
  const questions: unknown[] = [];
  const studio = world({
    ...failing({ fails: false }),
    ask: (worker, { id, question }) => {
      questions.push(question);
      worker.say({ kind: 'answer', id, ok: true, value: { leftRows: 1 } });
    },
  });
  const id = await studio.start(steady);
  await heardBy(studio.executor.watch(id));
  const of = (name: string) => ({ run: id, node: node(name), port: 'out' });
  expect(await studio.executor.difference(of('sum'), of('sum'), 10)).toMatchObject({ basis: 'samples', leftRows: 1 });
  const file = keptFile(`${studio.dataDir}/outputs`, keptHash('sum', 'out')) ?? '';
  expect(keptFile(`${studio.dataDir}/outputs`, '../../etc/passwd')).toBeNull();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  expect(await studio.executor.difference(of('sum'), of('sum'), 10)).toMatchObject({ basis: 'outputs' });
  expect(await studio.executor.difference(of('sum'), of('log'), 10)).toMatchObject({ basis: 'samples' });
  expect(questions).toMatchObject([{ left: { kind: 'sample' } }, { left: { kind: 'file', path: file }, limit: 10 }, { right: { kind: 'sample' } }]);
  await expect(studio.executor.difference(of('sum'), of('n'), 10)).rejects.toMatchObject({ code: 'not_found' });
  await expect(studio.executor.difference({ ...of('n'), run: RunId.parse('nobody') }, of('sum'), 10)).rejects.toMatchObject({ code: 'not_found' });
  await studio.close();
});
