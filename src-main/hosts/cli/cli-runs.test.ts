import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { createJournal } from '../../journal/sqlite.ts';
import { json, personAtWork } from './millrace.testing.ts';

const { millrace, path, write } = personAtWork();

const flow = (condition: string, more: object = {}, input: object = { path: 'in.csv' }): object => ({
  id: 'flow',
  name: 'Flow',
  ...more,
  nodes: [
    { id: 'csv', type: 'source', nodeType: 'file.csv', config: input, checkpoint: true },
    { id: 'keep', type: 'transform', nodeType: 'filter.condition', config: { condition } },
    { id: 'out', type: 'sink', nodeType: 'file.text', config: { path: 'out.csv', format: 'csv' } },
  ],
  edges: [
    { id: 'e1', source: 'csv', target: 'keep' },
    { id: 'e2', source: 'keep', target: 'out' },
  ],
});

/** A workflow whose source is not there yet, and is looked for again in a while. */
const patient = (input: string, settings: object = {}): object => ({
  id: 'patient',
  name: 'Patient',
  settings,
  nodes: [
    { id: 'csv', type: 'source', nodeType: 'file.csv', config: { path: input }, retry: { attempts: 50, backoff: 'constant', initialMs: 1500, maxMs: 1500, jitter: 0 } },
    { id: 'out', type: 'sink', nodeType: 'file.text', config: { path: `${input}.out`, format: 'csv' } },
  ],
  edges: [{ id: 'e1', source: 'csv', target: 'out' }],
});

const ROWS = `value\n${Array.from({ length: 100 }, (_, at) => `${at + 1}\n`).join('')}`;

/** A run that waits to look for its file again, not `other`. */
function waiting(other: string): string | undefined {
  if (!existsSync(path('data/journal.sqlite'))) return undefined;
  const journal = createJournal({ path: path('data/journal.sqlite'), readOnly: true });
  try {
    return journal.runs({ workflowId: 'patient', status: ['running'] }, 0, 9).rows.map((row) => row.id).find((run) => run !== other && journal.run(run)?.nodes['csv']?.status === 'retrying');
  } finally {
    journal.close();
  }
}

/** Starts a run that waits for its file, and kills its process while it does. Answers the run's id; `other` waits already. */
async function killed(file: string, other = ''): Promise<string> {
  let id = '';
  await millrace(['run', file, '--no-resume'], async (kill) => {
    await expect.poll(() => waiting(other)).toBeDefined();
    id = waiting(other) ?? '';
    kill('SIGKILL');
  });
  return id;
}

function completed(workflowId: string): number {
  const journal = createJournal({ path: path('data/journal.sqlite'), readOnly: true });
  try {
    return journal.runs({ workflowId, status: ['completed'] }, 0, 1).total;
  } finally {
    journal.close();
  }
}

const runIt = async (file: string): Promise<string> => String(json(await millrace(['run', file, '--json']))['runId']);
const statusOf = async (id: string): Promise<unknown> => json(await millrace(['show', id, '--json']))['status'];

beforeAll(() => {
  write('in.csv', ROWS);
  write('flow.json', flow('value > 50'));
});

test('a run that a kill left is shown as interrupted, goes on when it is told to, and completes', async () => {
  write('patient.json', patient('late.csv'));
  const id = await killed('patient.json');
  expect(json(await millrace(['runs', '--json', '--status', 'interrupted']))).toMatchObject({ runs: [{ id, status: 'interrupted' }] });
  expect(json(await millrace(['runs', '--json', '--status', 'running']))).toMatchObject({ runs: [], total: 0 });
  expect(json(await millrace(['show', id, '--json']))).toMatchObject({ status: 'interrupted', interruption: expect.any(String) });
  write('late.csv', ROWS);
  const resumed = await millrace(['resume', id.slice(0, 30), '--json']);
  expect(resumed.code).toBe(0);
  expect(json(resumed)).toMatchObject({ runId: id, status: 'completed' });
  expect(readFileSync(path('late.csv.out'), 'utf8')).toBe(ROWS);
  const shown = await millrace(['show', id]);
  expect(shown.out).toMatch(/^Resumed /m);
  expect(shown.out).toMatch(/csv, attempt 1: failed/);
  expect(await millrace(['resume', id])).toMatchObject({ code: 1, err: expect.stringContaining('has ended') });
  expect(json(await millrace(['resume', id, '--json']))).toMatchObject({ error: { message: expect.stringContaining('has ended') } });
  expect(json(await millrace(['show', 'no-such-run', '--json']))).toMatchObject({ error: { code: 'not_found' } });
  expect(await millrace(['resume'])).toMatchObject({ code: 0, out: 'No run was left unfinished.\n' });
});

test('run goes on with what was left, unless it is told not to', async () => {
  write('patient.json', patient('later.csv'));
  const id = await killed('patient.json');
  expect((await millrace(['run', 'flow.json', '--no-resume'])).err).not.toContain(id);
  expect(await statusOf(id)).toBe('interrupted');
  write('later.csv', ROWS);
  const ran = await millrace(['run', 'flow.json', '--json']);
  expect(ran.code).toBe(0);
  expect(json(ran)).toMatchObject({ workflowName: 'Flow', status: 'completed' });
  expect(ran.err).toMatch(new RegExp(`Going on with run ${id}[^]*run ${id} \\(Patient\\): completed`));
  expect(await statusOf(id)).toBe('completed');
});

test('a signal while run waits for the others leaves them to go on another time', async () => {
  write('patient.json', patient('latest.csv'));
  const id = await killed('patient.json');
  const before = completed('flow');
  const left = await millrace(['run', 'flow.json', '--json'], async (kill) => {
    await expect.poll(() => completed('flow')).toBe(before + 1);
    kill('SIGTERM');
  });
  expect(json(left)).toMatchObject({ workflowName: 'Flow', status: 'completed' });
  expect(await statusOf(id)).toBe('interrupted');
  write('latest.csv', ROWS);
  expect((await millrace(['resume', id])).code).toBe(0);
});

test('a run that ended because its workflow wants no going on is told by whoever opens the studio next', async () => {
  write('final.json', patient('nowhere.csv', { recovery: 'fail' }));
  const first = await killed('final.json');
  const resumed = await millrace(['resume', '--json']);
  expect(resumed.code).toBe(1);
  expect(json(resumed)).toMatchObject({ runs: [{ runId: first, status: 'failed' }] });
  const second = await killed('final.json');
  const ran = await millrace(['run', 'flow.json', '--json']);
  expect(ran.code).toBe(0);
  expect(ran.err).toContain(`run ${second} (Patient): failed. The studio ended while this run was going.`);
  expect(ran.err).not.toContain(`Going on with run ${second}`);
  expect(await millrace(['resume'])).toMatchObject({ code: 0, out: 'No run was left unfinished.\n' });
});

test('a run whose events are damaged keeps no other from going on', async () => {
  write('patient.json', patient('never-there.csv'));
  const broken = await killed('patient.json');
  write('other.json', patient('soon.csv'));
  const other = await killed('other.json', broken);
  const behind = new Sqlite(path('data/journal.sqlite'));
  const data = behind.prepare<[string], string>(`SELECT data FROM events WHERE stream = ? AND type = 'WorkflowStarted'`).pluck().get(`run-${broken}`);
  const put = (text: string | undefined): void => void behind.prepare(`UPDATE events SET data = ? WHERE stream = ? AND type = 'WorkflowStarted'`).run(text, `run-${broken}`);
  put('{');
  write('soon.csv', ROWS);
  const resumed = await millrace(['resume', '--json']);
  expect(json(resumed)).toMatchObject({ runs: [{ runId: other, status: 'completed' }] });
  expect(resumed.err).toContain(`Nobody can go on with run ${broken}: run-${broken}: Event`);
  expect(resumed.code).toBe(1);
  expect((await millrace(['run', 'flow.json'])).code).toBe(0);
  put(data);
  behind.close();
  write('never-there.csv', ROWS);
  expect(json(await millrace(['resume', '--json']))).toMatchObject({ runs: [{ runId: broken, status: 'completed' }] });
});

test('a run whose workflow asks waits for its answer: 1, the question, and how to answer', async () => {
  write('asking.json', patient('never.csv', { recovery: 'ask' }));
  const id = await killed('asking.json');
  const asked = await millrace(['resume', id, '--json']);
  expect(asked.code).toBe(1);
  expect(json(asked)).toMatchObject({ runId: id, status: 'paused', question: { kind: 'recovery' } });
  expect(asked.err).toContain(`millrace answer ${id} `);
  expect(await statusOf(id)).toBe('paused');
  expect(await millrace(['answer', id, 'perhaps'])).toMatchObject({ code: 2 });
  const stopped = await millrace(['answer', id, 'stop', '--json']);
  expect(stopped.code).toBe(1);
  expect(json(stopped)).toMatchObject({ runId: id, status: 'failed' });
  expect(await millrace(['answer', id, 'repeat'])).toMatchObject({ code: 1, err: expect.stringContaining('has ended') });
});

test('a failed run is run again from where it failed, with what still stands', async () => {
  write('broken.json', flow("error('no')"));
  const failed = await millrace(['run', 'broken.json', '--json']);
  expect(failed.code).toBe(1);
  const id = String(json(failed)['runId']);
  const forked = await millrace(['fork', id, '--at', String(json(await millrace(['show', id, '--json']))['version']), 'flow.json', '--json']);
  expect(forked.code).toBe(0);
  expect(json(forked)).toMatchObject({ status: 'completed', origin: { kind: 'fork', run: id }, nodes: [{ id: 'csv', status: 'completed', reusedFrom: id, rowsOut: 100 }, { id: 'keep', rowsOut: 50 }, {}] });
  const again = await millrace(['rerun', String(json(forked)['runId']), '--from', 'keep', '--json']);
  expect(again.code).toBe(0);
  expect(json(again)).toMatchObject({ status: 'completed', origin: { kind: 'rerun', from: 'keep' }, nodes: [{ reusedFrom: expect.any(String) }, { id: 'keep', attempts: 1 }, {}] });
  expect(await millrace(['rerun', id, '--json'])).toMatchObject({ code: 1 });
  expect(await millrace(['rerun', id, '--from', 'nobody'])).toMatchObject({ code: 2, err: expect.stringContaining('nobody') });
  expect(await millrace(['fork', id, '--at', '9999', 'flow.json'])).toMatchObject({ code: 2 });
  expect((await millrace(['show', String(json(again)['runId'])])).out).toMatch(/^Run again from run .* from "keep" on$/m);
});

test('two runs are held against each other, rows too', async () => {
  write('other.json', flow('value > 60'));
  const [left, right] = [await runIt('flow.json'), await runIt('other.json')];
  const compared = json(await millrace(['compare', left, right, '--json']));
  expect(compared).toMatchObject({ left: { runId: left, status: 'completed' }, right: { runId: right } });
  expect(compared['rows']).toMatchObject([{ node: 'csv', same: 100, onlyLeft: 0, onlyRight: 0, basis: 'outputs' }, { node: 'keep', port: 'out', same: 40, onlyLeft: 10, onlyRight: 0, basis: 'samples' }, { node: 'keep', port: 'rejected', same: 50, onlyRight: 10 }]);
  const { code, out } = await millrace(['compare', left, right]);
  expect(code).toBe(0);
  expect(out).toMatch(/^keep +out +40 +10 +0/m);
  await millrace(['export', left, '--out', 'left.json']);
  expect(json(await millrace(['compare', 'left.json', right, '--json']))['rows']).toMatchObject([{ node: 'csv', basis: 'samples' }, { node: 'keep', same: 40, onlyLeft: 10 }, { port: 'rejected' }]);
});

test('a run is exported as one file without its secrets, and shown elsewhere', async () => {
  write('secret.json', flow('value > 50', { metadata: { password: 'hunter22' } }));
  const id = await runIt('secret.json');
  const exported = await millrace(['export', id]);
  expect(JSON.parse(exported.out)).toMatchObject({ format: 'millrace-run', formatVersion: 1, run: id, samples: { keep: { out: { rows: expect.any(Array) } } } });
  expect(exported.out).not.toContain('hunter22');
  expect(JSON.parse((await millrace(['export', id, '--no-data'])).out)).toMatchObject({ samples: {} });
  write('run.json', exported.out);
  const elsewhere = ['--data-dir', path('elsewhere')];
  expect(json(await millrace(['show', 'run.json', '--json', ...elsewhere]))).toMatchObject({ runId: id, status: 'completed' });
  const imported = String(json(await millrace(['import', 'run.json', '--json', ...elsewhere]))['runId']);
  expect(imported).toMatch(/^opened-[0-9a-f]{64}$/);
  expect(json(await millrace(['show', imported, '--at', '2', '--json', ...elsewhere]))).toMatchObject({ status: 'running', version: 2 });
  expect((await millrace(['runs', '--json', ...elsewhere])).code).toBe(1);
  writeFileSync(path('run.json'), exported.out.replace('"completed"', '"failed"').replace('WorkflowStarted', 'WorkflowStopped'));
  expect(await millrace(['import', 'run.json', ...elsewhere])).toMatchObject({ code: 2, err: expect.stringContaining('damaged') });
});

test('show lists events, and the console as it was', async () => {
  const id = await runIt('flow.json');
  const events = JSON.parse((await millrace(['show', id, '--events', '--json'])).out) as { version: number; type: string }[];
  expect(events.map((event) => event.version)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)?.type).toBe('WorkflowCompleted');
  const { out } = await millrace(['show', id, '--events', '--at', '3']);
  expect(out.trimEnd().split('\n')).toHaveLength(4);
  expect(out).toMatch(/^ +2 .*WorkflowStarted/m);
});

const total = async (...args: readonly string[]): Promise<unknown> => json(await millrace(['runs', '--json', ...args]))['total'];

test('the run list is searched and narrowed', async () => {
  const all = Number(await total());
  expect(await total('--search', 'patient')).toBe(8);
  expect(await total('--trigger', 'cli')).toBe(all);
  expect(await total('--trigger', 'manual')).toBe(0);
  expect(await total('--from', '2001-01-01', '--to', '2001-01-02')).toBe(0);
  expect(await total('--from', '2001-01-01')).toBe(all);
  for (const wrong of [['--from', 'yesterday'], ['--trigger', 'cat']]) expect(await millrace(['runs', ...wrong])).toMatchObject({ code: 2 });
});

test('journal verify tells the chain, and retain lets runs go', async () => {
  const verified = json(await millrace(['journal', 'verify', '--json']));
  expect(verified).toMatchObject({ problems: [], head: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(verified['chained']).toBe(verified['events']);
  expect((await millrace(['journal', 'verify'])).out).toContain(String(verified['head']));
  const found = json(await millrace(['journal', 'retain', '--runs', '1', '--json']));
  expect(found).toMatchObject({ runs: expect.any(Number), outputs: expect.any(Number), freedBytes: expect.any(Number) });
  expect(Number(found['runs'])).toBeGreaterThan(5);
  expect(json(await millrace(['runs', '--json']))).toMatchObject({ total: 1 });
  expect((await millrace(['journal', 'retain', '--days', '0'])).out).toContain('Removed 1 runs');
  expect(json(await millrace(['journal', 'verify', '--json']))).toMatchObject({ problems: [] });
  rmSync(path('data'), { recursive: true });
  expect(await millrace(['journal', 'retain'])).toMatchObject({ code: 1, err: expect.stringContaining('no journal') });
});
