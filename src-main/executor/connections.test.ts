import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Workflow } from '#shared/workflow/workflow';
import type { FromWorker, ToWorker } from '../dataplane/protocol.ts';
import { createStudio } from '../studio.ts';
import type { Studio } from '../studio-types.ts';
import { answerConnections } from './connections.ts';
import { workerEnv } from './worker-port.ts';
import type { WorkerPort } from './worker-port.ts';

let folder: string;
let studio: Studio;
/** What the worker was told, and the way to say something as it. */
let told: ToWorker[];
let say: (message: FromWorker) => void;

/** A worker that does nothing by itself. */
function idle(): WorkerPort {
  const listeners: ((how: string) => void)[] = [];
  return { pid: undefined, send: (message) => void told.push(message), onMessage: (listener) => (say = listener), onExit: (listener) => void listeners.push(listener), kill: () => listeners.forEach((listener) => listener('killed')) };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-start-'));
  told = [];
  studio = await createStudio({ dataDir: folder, host: 'cli', version: '0', spawn: idle, warm: 0 });
});
afterEach(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

const asking = (more: object = {}): Workflow =>
  Workflow.parse({
    formatVersion: 1, id: 'asking', name: 'Asking', edges: [{ id: 'e', source: 'ask', target: 'log' }, { id: 'f', source: 'more', target: 'log' }],
    nodes: [{ id: 'ask', type: 'source', nodeType: 'sql.query', config: { connection: 'Shop', query: 'SELECT 1' }, ...more }, { id: 'more', type: 'source', nodeType: 'sequence.numbers' }, { id: 'log', type: 'sink', nodeType: 'console.log' }],
  });
const start = (workflow: Workflow) => studio.executor.start({ workflow, file: null, folder, trigger: { kind: 'manual' }, scope: { kind: 'all' } });
const save = async (kind: 'sqlite' | 'redis', previous: string | null = null) => (await studio.connections()).save({ name: 'Shop', kind, settings: kind === 'sqlite' ? { path: 'shop.db' } : {}, secrets: {}, previous });

test('a run whose connection is missing or of another kind is refused before it is written; each start looks again', async () => {
  await expect(start(asking())).rejects.toMatchObject({ code: 'invalid_workflow', place: 'ask · connection', message: 'There is no connection called “Shop” here.' });
  await save('redis');
  await expect(start(asking())).rejects.toMatchObject({ code: 'invalid_workflow', message: expect.stringContaining('is of the kind Redis') });
  expect(studio.journal.runs({}, 0, 10).total).toBe(0);
  await save('sqlite', 'Shop');
  expect(studio.journal.run(await start(asking()))).toMatchObject({ workflowName: 'Asking' });
  await (await studio.connections()).delete('Shop');
  await expect(start(asking())).rejects.toMatchObject({ code: 'invalid_workflow' });
});

test('a node that does not run needs none; the check of a workflow says it as a warning', async () => {
  expect(await start(asking({ disabled: true }))).toEqual(expect.any(String));
  const { nodes, ...rest } = asking();
  expect((await studio.check({ ...rest, nodes })).filter((one) => one.code.startsWith('connection'))).toMatchObject([{ code: 'connection_missing', severity: 'warning', node: 'ask', field: 'connection' }]);
});

test('a worker that asks for a connection has it from its studio, and nobody else hears of it', async () => {
  const heard: FromWorker[] = [];
  const worker = answerConnections(idle, (name) => (name === 'Shop' ? Promise.resolve({ name, kind: 'sqlite', settings: {}, secrets: {} }) : Promise.reject(new TypeError('no'))))();
  worker.onMessage((message) => heard.push(message));
  say({ kind: 'connection', id: 1, name: 'Shop' });
  say({ kind: 'connection', id: 2, name: 'Gone' });
  say({ kind: 'ready' });
  await expect.poll(() => told.length).toBe(2);
  expect(told).toMatchObject([{ kind: 'connection', id: 1, ok: true, connection: { name: 'Shop' } }, { kind: 'connection', id: 2, ok: false, error: { code: 'internal' } }]);
  expect(heard).toEqual([{ kind: 'ready' }]);
});

test('a worker’s environment holds no key', () => {
  expect(workerEnv({ PATH: '/bin', MILLRACE_KEY: 'a key', MILLRACE_KEY_FILE: '/a/key' })).toEqual({ PATH: '/bin', MALLOC_ARENA_MAX: '2' });
});
