import { expect, test } from 'vitest';
import { contentHash, LARGEST_RUN_FILE, partsOf } from './format.ts';
import { looksLikeRun, readRunFile, stateOf } from './read.ts';
import { someRun, withWorkflow, WRITING } from './run-file.testing.ts';
import { runFileName, runFileText } from './write.ts';

const text = await runFileText(someRun(), WRITING);
const changed = (change: (file: Record<string, unknown>) => void, rehash = true): string => {
  const file = JSON.parse(text) as Record<string, unknown>;
  change(file);
  if (rehash) file['sha256'] = contentHash(partsOf(file as never));
  return JSON.stringify(file);
};

test('what is written is read again, and folds to the same run', async () => {
  const file = readRunFile(text);
  expect(file).toMatchObject({ format: 'millrace-run', formatVersion: 1, exportedAt: '1970-01-01T00:00:00.000Z', millrace: '1.2.3', ...someRun() });
  expect(stateOf(file, 'r1')).toEqual(stateOf(someRun(), 'r1'));
  expect(stateOf(file, 'r1')).toMatchObject({ status: 'completed', version: 9 });
  expect(stateOf(file, 'r1', 2)?.status).toBe('running');
  expect(looksLikeRun(text)).toBe(true);
  expect(looksLikeRun('{"formatVersion":1}')).toBe(false);
});

test('a run that was written is written again with the same content', async () => {
  const secret = withWorkflow({ settings: { password: 'hunter22' } }, { console: [{ node: null, at: 1, level: 'error', text: 'https://me:hunter22@x.org said Bearer abcdef', attempt: null, version: 1 }] });
  const once = readRunFile(await runFileText(secret, WRITING));
  const twice = readRunFile(await runFileText(once, { ...WRITING, now: 5 }));
  expect(twice).toEqual({ ...once, exportedAt: twice.exportedAt });
});

test('without data neither samples nor pinned rows go along', async () => {
  const pin = { out: { columns: [{ name: 'a', type: 'BIGINT' }], rows: [['4711']] } };
  const content = withWorkflow({ nodes: [{ id: 'node-1', pin }] });
  const file = readRunFile(await runFileText(content, { ...WRITING, data: false }));
  expect(file.samples).toEqual({});
  expect(JSON.stringify(file.events[0])).not.toContain('4711');
  expect(file.events[0]?.data['workflow']).toMatchObject({ nodes: [{ pin: { out: { columns: pin.out.columns, rows: [] } } }] });
  expect(JSON.stringify(readRunFile(await runFileText(content, WRITING)).events[0])).toContain('4711');
});

test('an older event is brought up to date while it is read', async () => {
  const old = changed((file) => {
    const [first] = file['events'] as { schema: number; data: Record<string, unknown> }[];
    if (first === undefined) return;
    first.schema = 1;
    for (const key of ['folder', 'priority', 'origin']) delete first.data[key];
    first.data['file'] = '/data/orders.json';
  });
  expect(stateOf(readRunFile(old), 'r1')).toMatchObject({ folder: '/data', priority: 0, origin: null });
});

test.each<[string, string, RegExp]>([
  ['nothing', '', /not JSON/],
  ['half of it', text.slice(0, text.length / 2), /cut off/],
  ['a list', '[]', /not an exported run/],
  ['a workflow', '{"id":"w","name":"W","nodes":[],"edges":[]}', /not an exported run/],
  ['a newer one', changed((file) => (file['formatVersion'] = 2)), /newer Millrace/],
  ['one that was changed', changed((file) => ((file['events'] as { at: number }[])[3]!.at = 5), false), /checksum/],
  ['a sample that was changed', text.replace('[["1"],["2"]]', '[["1"],["3"]]'), /checksum/],
  ['one without events', changed((file) => (file['events'] = [])), /damaged/],
  ['a missing event', changed((file) => (file['events'] as unknown[]).splice(3, 1)), /not complete/],
  ['another run', changed((file) => (file['run'] = 'r2')), /another run/],
  ['no beginning', changed((file) => (file['events'] as { type: string; schema: number; data: unknown }[]).splice(0, 1, { ...(file['events'] as { type: string; schema: number; data: unknown }[])[0]!, type: 'WorkflowStarted', schema: 1, data: {} })), /not those of one run/],
  ['an event of the library', changed((file) => ((file['events'] as { type: string; schema: number; data: unknown }[])[2] = { version: 3, at: 1, id: 'x', type: 'WorkflowDeleted', schema: 1, data: { workflowId: 'w', path: '/' } } as never)), /not those of one run/],
  ['an unknown event', changed((file) => ((file['events'] as { type: string }[])[2]!.type = 'NodeExploded')), /damaged/],
  ['an event of another shape', changed((file) => ((file['events'] as { data: unknown }[])[2]!.data = { node: 7 })), /Event 3 .* is damaged/],
  ['an event of a newer shape', changed((file) => ((file['events'] as { schema: number }[])[2]!.schema = 9)), /newer Millrace/],
  ['an event of no shape', changed((file) => ((file['events'] as { schema: number }[])[2]!.schema = 0)), /damaged/],
  ['rows that do not fit', changed((file) => ((file['samples'] as never as Record<string, Record<string, { rows: unknown[] }>>)['node-1']!['out']!.rows = [['1', '2']])), /rows do not fit/],
  ['a very deep one', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /too deep/],
  ['a huge one', ' '.repeat(LARGEST_RUN_FILE + 1), /larger than 32 MiB/],
])('%s is refused with a sentence', (_what, wrong, sentence) => {
  expect(() => readRunFile(wrong)).toThrow(sentence);
  try {
    readRunFile(wrong);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: expect.stringMatching(/^(?:invalid_input|unsupported)$/), remedy: expect.any(String) });
  }
});

test('of more rows than fit, fewer go along and say so', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => [String(at).repeat(30_000).slice(0, 80_000)]);
  const content = someRun(undefined, { samples: { 'node-1': { out: { columns: [{ name: 'a', type: 'VARCHAR' }], rows, partial: false } } } });
  const written = await runFileText(content, WRITING);
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(LARGEST_RUN_FILE);
  expect(readRunFile(written).samples['node-1']?.['out']).toMatchObject({ rows: rows.slice(0, 200), partial: true });
});

test('the name of the file tells the run and stays one name', async () => {
  expect(runFileName('Orders / 订单: "daily"', '0193-abcdef', 0)).toBe('Orders-订单-daily-1970-01-01T0000-abcdef.run.json');
  expect(runFileName('../..', 'x', 0)).toBe('run-1970-01-01T0000-x.run.json');
});
