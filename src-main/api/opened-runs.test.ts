import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunUpdate } from '#shared/contract/runs';
import { runStream } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { someRun, withWorkflow, WRITING } from '../run-file/run-file.testing.ts';
import { runFileText } from '../run-file/write.ts';
import type { ApiContext } from './context.ts';
import { router } from './router.ts';
import { sampleWorkflow, testStudio } from './studio.testing.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-opened-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function open() {
  const parts = testStudio(dataDir);
  const context: ApiContext = { studio: parts.studio, dialogs: null, trigger: { kind: 'manual' }, now: () => 2000, onUnexpected: () => undefined };
  return { ...parts, client: createRouterClient(router, { context }) };
}

const text = await runFileText(someRun(), WRITING);
const node = NodeId.parse('node-1');

test('an opened run is looked at like one of the journal, under an id of its own', async () => {
  const { client } = open();
  const { runId } = await client.runs.openFile({ text });
  expect(runId).toMatch(/^opened-[0-9a-f]{64}$/);
  const run = await client.runs.get({ runId });
  expect(run).toMatchObject({ id: runId, status: 'completed', workflowName: 'Orders' });
  expect((await client.runs.get({ runId, at: 2 })).status).toBe('running');
  expect((await client.runs.events({ runId, after: 7 })).map((event) => event.version)).toEqual([8, 9]);
  expect(await client.runs.console({ runId })).toEqual(someRun().console);
  expect(await client.runs.workflow({ runId })).toEqual(run.workflow);
  expect(await client.runs.sample({ runId, node, port: 'out' })).toMatchObject({ rows: [['1'], ['2']] });
  expect(await client.runs.sample({ runId, node: NodeId.parse('__proto__'), port: 'out' })).toBeNull();
  const heard: RunUpdate[] = [];
  for await (const update of await client.runs.watch({ runId })) heard.push(update);
  let folded: Run | null = null;
  for (const update of heard) if (update.kind === 'event') folded = evolve(folded, update.event);
  expect(folded).toEqual(run);
  expect(heard.slice(-2)).toEqual([{ kind: 'console', lines: someRun().console }, { kind: 'sample', node: 'node-1', port: 'out' }]);
});

test('it is kept for its owner alone, found again after a restart, and listed nowhere', async () => {
  const { runId } = await open().client.runs.openFile({ text });
  const folder = join(dataDir, 'opened');
  const [name = ''] = readdirSync(folder);
  expect([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777]).toEqual([0o700, 0o600]);
  const { client } = open();
  expect((await client.runs.get({ runId })).status).toBe('completed');
  expect((await client.runs.list({})).total).toBe(0);
  expect((await client.runs.openFile({ text })).runId).toBe(runId);
  expect(readdirSync(folder)).toHaveLength(1);
  writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replace('1000', '1001'));
  await expect(open().client.runs.get({ runId })).rejects.toMatchObject({ code: 'not_found', data: { remedy: 'Open its file again.' } });
});

test('exported again it has the same content, with or without its data', async () => {
  const { client } = open();
  const { runId } = await client.runs.openFile({ text });
  const again = await client.runs.export({ runId });
  expect(JSON.parse(again.text)).toEqual({ ...JSON.parse(text), exportedAt: '1970-01-01T00:00:02.000Z' });
  expect(again.fileName).toMatch(/^Orders-.*-r1\.run\.json$/);
  expect(JSON.parse((await client.runs.export({ runId, data: false })).text)).toMatchObject({ run: 'r1', samples: {} });
});

test('nothing can be done to it', async () => {
  const { client, asked, answered } = open();
  const { runId } = await client.runs.openFile({ text });
  const tries = [client.runs.cancel({ runId }), client.runs.answer({ runId, answer: 'stop' }), client.runs.rerun({ runId }), client.runs.fork({ runId, version: 1, workflow: sampleWorkflow() })];
  for (const one of tries) await expect(one).rejects.toMatchObject({ code: 'read_only', status: 423, data: { remedy: expect.any(String) } });
  expect([asked, answered]).toEqual([[], []]);
  const gone = RunId.parse(`opened-${'0'.repeat(64)}`);
  for (const call of ['get', 'events', 'console', 'workflow', 'export'] as const) await expect(client.runs[call]({ runId: gone })).rejects.toMatchObject({ code: 'not_found' });
});

test('what is no exported run is refused with a sentence and kept nowhere', async () => {
  const { client } = open();
  await expect(client.runs.openFile({ text: '{"nodes":[]}' })).rejects.toMatchObject({ code: 'invalid_input', status: 400, data: { message: 'The file is not an exported run.' } });
  expect(readdirSync(dataDir)).toEqual([]);
});

const samples = (rows: (string | null)[][]) => ({ 'node-1': { out: { columns: [{ name: 'id', type: 'BIGINT' }, { name: 'only', type: 'VARCHAR' }].slice(0, rows[0]?.length), rows, partial: false } } });

test('its rows are held against those of another', async () => {
  const { client } = open();
  const [left, right] = [await client.runs.openFile({ text: await runFileText(someRun(undefined, { samples: samples([['1'], ['2'], ['2'], [null]]) }), WRITING) }), await client.runs.openFile({ text: await runFileText(withWorkflow({ name: 'x' }, { samples: samples([['2', 'a'], ['3', 'b'], [null, 'c']]) }), WRITING) })];
  const found = await client.runs.difference({ left: left.runId, right: right.runId, node, port: 'out', limit: 1 });
  expect(found).toMatchObject({ basis: 'samples', leftRows: 4, rightRows: 3, same: 2, onlyLeft: 2, onlyRight: 1, left: { rows: [['1']], partial: true }, right: { rows: [['3', 'b']] } });
  expect(found.columns).toEqual([{ name: 'id', left: 'BIGINT', right: 'BIGINT' }, { name: 'only', left: null, right: 'VARCHAR' }]);
  await expect(client.runs.difference({ left: left.runId, right: right.runId, node, port: 'error' })).rejects.toMatchObject({ code: 'not_found' });
});

test('a run goes again as it was, and forks from an event with another workflow', async () => {
  const { client, studio, asked, answered } = open();
  const { runId } = await client.runs.start({ workflowId: WorkflowId.parse('orders') });
  await expect(client.runs.rerun({ runId })).rejects.toMatchObject({ code: 'conflict' });
  studio.journal.append(runStream(runId), 'any', [{ type: 'WorkflowCompleted', at: 1500, id: 'end', data: { durationMs: 500 } }]);
  await client.runs.rerun({ runId });
  await client.runs.rerun({ runId, from: NodeId.parse('read') });
  await client.runs.fork({ runId, version: 1, workflow: { ...sampleWorkflow(), name: 'Edited' } });
  expect(asked.slice(1).map(({ workflow, file, folder, scope, origin }) => ({ name: workflow.name, file, folder, scope: scope.kind, origin }))).toEqual([
    { name: 'Orders', file: `${dataDir}/orders.json`, folder: dataDir, scope: 'all', origin: { kind: 'rerun', run: runId, version: 2, from: null } },
    { name: 'Orders', file: `${dataDir}/orders.json`, folder: dataDir, scope: 'all', origin: { kind: 'rerun', run: runId, version: 2, from: 'read' } },
    { name: 'Edited', file: `${dataDir}/orders.json`, folder: dataDir, scope: 'all', origin: { kind: 'fork', run: runId, version: 1, from: null } },
  ]);
  await expect(client.runs.rerun({ runId, from: NodeId.parse('nobody') })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(client.runs.fork({ runId, version: 3, workflow: sampleWorkflow() })).rejects.toMatchObject({ code: 'invalid_input' });
  await client.runs.answer({ runId, answer: 'skip' });
  expect(answered).toEqual([{ run: runId, answer: 'skip' }]);
});

test('a run of the journal is exported with what the executor keeps of its rows', async () => {
  const { client, studio } = open();
  studio.journal.append(runStream('r9'), 'none', runHistory({ run: 'r9', nodes: 3 }));
  studio.journal.log(RunId.parse('r9'), [{ node: null, at: 1, level: 'info', text: 'password=hunter22', attempt: null, version: 2 }]);
  const exported = JSON.parse((await client.runs.export({ runId: RunId.parse('r9') })).text) as Record<string, unknown>;
  expect(exported).toMatchObject({ millrace: '1.2.3', run: 'r9', console: [{ text: 'password=•••' }], samples: {} });
  expect(exported['events']).toHaveLength(9);
  const { runId } = await client.runs.openFile({ text: JSON.stringify(exported) });
  expect({ ...(await client.runs.get({ runId })), id: 'r9' }).toEqual(studio.journal.run(RunId.parse('r9')));
});

test('retention on demand tells what it removed', async () => {
  expect(await open().client.studio.retain()).toEqual({ runs: 1, outputs: 2, freedBytes: 3 });
});
