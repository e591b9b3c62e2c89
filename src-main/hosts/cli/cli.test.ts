import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { json, personAtWork } from './millrace.testing.ts';

const { millrace, path, write, cli } = personAtWork();

const nodes = (csv: object, out: object, condition = '>50'): object => ({
  id: 'flow',
  name: 'Flow',
  nodes: [
    { id: 'csv', type: 'source', nodeType: 'file.csv', label: 'In', position: { x: 0, y: 0 }, config: csv },
    { id: 'keep', type: 'transform', nodeType: 'filter.condition', label: 'Keep', position: { x: 0, y: 0 }, config: { condition } },
    { id: 'out', type: 'sink', nodeType: 'file.text', label: 'Out', position: { x: 0, y: 0 }, config: out },
    { id: 'log', type: 'sink', nodeType: 'console.log', label: 'Log', position: { x: 0, y: 0 }, config: {} },
  ],
  edges: [
    { id: 'e1', from: 'csv', to: 'keep' },
    { id: 'e2', from: 'keep', to: 'out' },
    { id: 'e3', from: 'keep', to: 'log' },
  ],
});
beforeAll(() => {
  write('in.csv', ['value', ...Array.from({ length: 100 }, (_, n) => String(n + 1))].map((line) => `${line}\n`).join(''));
  mkdirSync(path('elsewhere'));
});

test('run --json prints one object; relative paths start at the file; the seed\'s form is read', async () => {
  const file = write('flow.json', nodes({ path: 'in.csv' }, { path: 'out.csv', format: 'csv' }));
  const result = await millrace(['run', path(file), '--json']);
  expect(result).toMatchObject({ code: 0, err: '' });
  const report = json(result);
  expect(report).toMatchObject({ runId: expect.any(String), status: 'completed', durationMs: expect.any(Number) });
  expect(report['nodes']).toMatchObject([
    { id: 'csv', status: 'completed', rowsIn: 0, rowsOut: 100, error: null },
    { id: 'keep', status: 'completed', rowsIn: 100, rowsOut: 50, rowsOutByPort: { out: 50 }, durationMs: expect.any(Number) },
    { id: 'out', status: 'completed', rowsIn: 50, rowsOut: 0 },
    { id: 'log', status: 'completed', rowsIn: 50 },
  ]);
  expect((report['console'] as { node: string; text: string }[]).some((line) => line.node === 'log' && line.text.includes('51'))).toBe(true);
  expect(readFileSync(path('out.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(51);
});

test('run for a person: console, a table of nodes, and how it ended', async () => {
  const { code, out } = await millrace(['run', 'flow.json']);
  expect(code).toBe(0);
  expect(out).toMatch(/^keep +completed +100 +50 /m);
  expect(out).toMatch(/^Flow: completed in .* · run [0-9a-f-]{36}$/m);
});

test('a run that fails says where and why, exits with 1 and writes nothing', async () => {
  write('missing-input.json', nodes({ path: 'nowhere.csv' }, { path: 'never.csv', format: 'csv' }));
  const plain = await millrace(['run', 'missing-input.json']);
  expect(plain.code).toBe(1);
  expect(plain.err).toMatch(/node "csv".*nowhere\.csv/s);
  const report = json(await millrace(['run', 'missing-input.json', '--json']));
  expect(report).toMatchObject({ status: 'failed', failedNode: 'csv', error: { message: expect.any(String) } });
  expect(existsSync(path('never.csv'))).toBe(false);
});

test.each([
  ['no such file', 'nothing.json', null, /no such file/],
  ['a folder', 'elsewhere', null, /folder/],
  ['no JSON', 'text.json', '{ "nodes": [', /JSON/],
  ['not UTF-8', 'latin.json', Buffer.from([0x7b, 0xe9, 0x7d]), /UTF-8/],
  ['a circle', 'circle.json', { ...nodes({ path: 'in.csv' }, { path: 'o.csv' }), edges: [{ id: 'a', source: 'keep', target: 'keep' }] }, /circle/],
  ['several problems', 'several.json', { id: 'x', name: 'X', nodes: [{ id: 'a', type: 'source', nodeType: 'file.cvs', config: {} }, { id: 'b', type: 'sink', nodeType: 'file.text', config: {} }], edges: [] }, /file\.csv[\s\S]*b · path/],
])('%s is refused with a sentence and 2, by run and by validate', async (_name, file, content, sentence) => {
  if (Buffer.isBuffer(content)) writeFileSync(path(file), content);
  else if (content !== null) write(file, content);
  const [ran, ranJson, checked, checkedJson] = await Promise.all([millrace(['run', file]), millrace(['run', file, '--json']), millrace(['validate', file]), millrace(['validate', file, '--json'])]);
  for (const result of [ran, ranJson, checked, checkedJson]) expect(result.code).toBe(2);
  for (const result of [ran, checked]) expect(result.err).toMatch(sentence);
  expect(json(ranJson)).toMatchObject({ status: 'invalid' });
  expect(json(checkedJson)).toMatchObject({ valid: false });
});

test('SQL that no data could make right is told before a run, all of it at once', async () => {
  const flow = nodes({ path: 'in.csv' }, { path: 'never.csv', format: 'csv' }, 'value IN (SELECT 1)') as { nodes: object[]; edges: object[] };
  flow.nodes.push({ id: 'more', type: 'transform', nodeType: 'map.transform', config: { columns: [{ name: 'a', expression: 'sum(value)' }, { name: 'b', expression: 'uper(value)' }, { name: 'c', expression: 'value + 1' }] } });
  flow.nodes.push({ id: 'sql', type: 'transform', nodeType: 'sql.transform', config: { query: 'SELECT 1; SELECT 2' } });
  flow.edges.push({ id: 'e4', source: 'csv', target: 'more' }, { id: 'e5', source: 'more', target: 'sql' }, { id: 'e6', source: 'sql', target: 'log' });
  write('sql.json', flow);
  for (const verb of ['run', 'validate']) {
    const result = await millrace([verb, 'sql.json', '--json', ...(verb === 'run' ? ['--data-dir', path('unused')] : [])]);
    expect(result.code).toBe(2);
    expect((json(result)['problems'] as { severity: string }[]).filter((one) => one.severity === 'error')).toMatchObject([
      { node: 'keep', field: 'condition' },
      { node: 'more', field: 'columns[0].expression' },
      { node: 'more', field: 'columns[1].expression', remedy: 'Did you mean “upper”?' },
      { node: 'sql', field: 'query' },
    ]);
  }
  expect(json(await millrace(['runs', '--json', '--data-dir', path('unused')]))).toMatchObject({ runs: [], total: 0 });
  expect(existsSync(path('never.csv'))).toBe(false);
});

test('two sinks for one file are refused before one of them loses its rows', async () => {
  const flow = nodes({ path: 'in.csv' }, { path: 'twice.csv', format: 'csv' }) as { nodes: object[]; edges: object[] };
  flow.nodes.push({ id: 'other', type: 'sink', nodeType: 'file.text', config: { path: './twice.csv', format: 'csv' } });
  flow.edges.push({ id: 'e4', source: 'csv', target: 'other' });
  write('twice.json', flow);
  for (const verb of ['run', 'validate']) expect(json(await millrace([verb, 'twice.json', '--json']))).toMatchObject({ problems: expect.arrayContaining([expect.objectContaining({ code: 'same_file', node: 'other' })]) });
  expect(existsSync(path('twice.csv'))).toBe(false);
});

test('a broken schedule is refused by validate, with its place, and stops no run', async () => {
  write('late.json', { ...nodes({ path: 'in.csv' }, { path: 'late.csv', format: 'csv' }), metadata: { schedule: { kind: 'cron', expression: '0 25 * * *', timeZone: 'UTC' } } });
  expect(await millrace(['validate', 'late.json'])).toMatchObject({ code: 2, err: expect.stringContaining('metadata.schedule.expression: The hour is broken at character 3') });
  expect(await millrace(['run', 'late.json', '--no-resume'])).toMatchObject({ code: 0, err: expect.stringContaining('warning: metadata.schedule.expression') });
});

test('validate passes what runs', async () => {
  expect(await millrace(['validate', 'flow.json'])).toMatchObject({ code: 0 });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels: 130, and no half file', async (signal) => {
  write('endless.json', {
    id: 'endless',
    name: 'Endless',
    nodes: [
      { id: 'n', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 20_000_000_000, step: 1 } },
      { id: 'out', type: 'sink', nodeType: 'file.text', config: { path: 'endless.csv', format: 'csv' } },
    ],
    edges: [{ id: 'e', source: 'n', target: 'out' }],
  });
  const result = await millrace(['run', 'endless.json', '--json'], async (kill) => {
    await expect.poll(() => readdirSync(path('')).some((name) => name.startsWith('.endless.csv'))).toBe(true);
    kill(signal);
  });
  expect(result.code).toBe(130);
  expect(json(result)).toMatchObject({ status: 'cancelled' });
  expect(readdirSync(path('')).filter((name) => name.includes('endless.csv'))).toEqual([]);
});

test('runs, show and journal tell what has happened', async () => {
  const listed = json(await millrace(['runs', '--json', '--status', 'completed']))['runs'] as { id: string }[];
  expect(listed.length).toBeGreaterThan(0);
  const id = listed[0]?.id ?? '';
  expect(json(await millrace(['show', id, '--json']))).toMatchObject({ runId: id, status: 'completed' });
  expect(json(await millrace(['show', id, '--at', '2', '--json']))).toMatchObject({ runId: id, status: 'running', version: 2 });
  expect((await millrace(['show', id])).out).toContain('keep');
  expect(await millrace(['show', 'zzz'])).toMatchObject({ code: 1, err: expect.stringContaining('zzz') });
  expect(json(await millrace(['journal', 'verify', '--json']))).toMatchObject({ problems: [] });
  expect((await millrace(['journal', 'rebuild'])).code).toBe(0);
  expect(json(await millrace(['journal', 'stats', '--json']))).toMatchObject({ events: expect.any(Number) });
  const events = (await millrace(['journal', 'export'])).out.trimEnd().split('\n').map((line) => JSON.parse(line) as { position: number });
  expect(events.map((event) => event.position)).toEqual(events.map((_, n) => n + 1));
  expect(await millrace(['runs', '--data-dir', path('empty')])).toMatchObject({ code: 1, err: expect.stringContaining('no journal') });
});

test('a workflow goes into the library and comes out again', async () => {
  const imported = json(await millrace(['import', 'flow.json', '--json']));
  const exported = await millrace(['export', String(imported['id'])]);
  expect(JSON.parse(exported.out)).toMatchObject({ formatVersion: 1, name: 'Flow' });
  expect((await millrace(['export', String(imported['id']), '--out', 'copy.json'])).code).toBe(0);
  expect(readFileSync(path('copy.json'), 'utf8')).toBe(exported.out);
  expect((await millrace(['export', 'nobody'])).code).toBe(1);
});

test('a reader that goes away early is no error, and the run goes on to its end', async () => {
  for (const args of [['nodes', '--json'], ['journal', 'export'], ['run', 'flow.json', '--json']]) {
    rmSync(path('out.csv'), { force: true });
    const child = spawn(process.execPath, [cli, ...args], { cwd: path(''), env: { ...process.env, MILLRACE_DATA_DIR: path('data') }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    expect(await new Promise((resolve) => child.on('close', resolve)), args.join(' ')).toBe(0);
    expect(err).toBe('');
    if (args[0] === 'run') expect(existsSync(path('out.csv'))).toBe(true);
  }
});

test('nodes lists the catalogue', async () => {
  expect((await millrace(['nodes'])).out).toMatch(/^source +file\.csv/m);
});

test('help is help, and wrong usage exits with 2', async () => {
  for (const args of [['--help'], ['run', '--help'], ['journal', 'verify', '--help']]) expect((await millrace(args)).code).toBe(0);
  const wrong = [['fly'], [], ['run'], ['run', 'flow.json', '--fast'], ['run', 'a', 'b'], ['runs', '--limit', 'many'], ['runs', '--status', 'fine'], ['journal'], ['journal', 'eat']];
  for (const { args, code, err } of await Promise.all(wrong.map(async (words) => ({ args: words, ...(await millrace(words)) })))) {
    expect(code, args.join(' ')).toBe(2);
    expect(err).not.toBe('');
  }
});

test('finds a relative file from where the person is when npm runs it from another folder', async () => {
  const name = write('from-npm.json', nodes({ path: 'in.csv' }, { path: 'from-npm.csv' }));
  const found = await millrace(['validate', name], undefined, { env: { npm_lifecycle_event: 'millrace', INIT_CWD: path('') }, cwd: tmpdir() });
  expect(found).toMatchObject({ code: 0 });
  expect(await millrace(['validate', name], undefined, { env: { npm_lifecycle_event: 'test', INIT_CWD: path('') }, cwd: tmpdir() })).toMatchObject({ code: 2 });
});
