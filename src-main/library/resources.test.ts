import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalText } from '#shared/workflow/canonical';
import { parseAndCheck } from '#shared/workflow/parse';
import { WorkflowFile } from '#shared/schedule/file-schema';
import { readSchedules } from '#shared/schedule/read-schedules';
import { nodeKey } from '#shared/node-spec';
import { builtInNodes, specsOf } from '../nodes/registry.ts';
import { readText } from './files.ts';
import { readTemplates, shippedTemplates } from './templates.ts';

const folder = shippedTemplates();
const specs = specsOf(builtInNodes);
const templates = await readTemplates(folder);

test('the JSON Schema that ships is the one of the code (bring it up to date with `vitest run -u`)', async () => {
  const schema = { title: 'Millrace workflow', ...z.toJSONSchema(WorkflowFile, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(folder, '..', 'workflow.schema.json'));
});

test.each(templates.map((one) => [one.id, one] as const))('template %s is canonical, without problems, and its data is there', async (id, template) => {
  const text = await readText(join(folder, `${id}.json`));
  const { workflow, problems } = parseAndCheck(text, { specs, own: (node, config) => builtInNodes.get(nodeKey(node))?.check?.(config) ?? [] });
  expect(problems).toEqual([]);
  expect(workflow === null ? '' : canonicalText(workflow)).toBe(text);
  for (const file of template.data) expect(existsSync(join(folder, file)), file).toBe(true);
  const read = template.workflow.nodes.filter((node) => node.type === 'source').map((node) => node.config['path']).filter((path) => path !== undefined);
  // What no node reads is what a connection leads to, or what is put into a topic: a note says so.
  const notes = (template.workflow.notes ?? []).map((note) => note.text).join();
  expect(new Set([...read, ...template.data.filter((file) => notes.includes(file))])).toEqual(new Set(template.data));
});

test('what runs by a schedule is switched off until somebody wants it', () => {
  const scheduled = templates.flatMap(({ workflow }) => readSchedules(workflow.metadata['schedule']).schedules);
  expect(scheduled).toMatchObject(scheduled.map(() => ({ enabled: false, times: { kind: 'cron' } })));
  expect(scheduled).toHaveLength(2);
});

test('there are fifteen, and together they use most node types', () => {
  expect(templates).toHaveLength(15);
  expect(new Set(templates.flatMap((one) => one.workflow.nodes.map(nodeKey))).size).toBeGreaterThanOrEqual(14);
});

test.each(readdirSync(join(folder, 'data')).filter((name) => name.endsWith('.csv')))('%s is what its package ships', (name) => {
  const packaged = join(import.meta.dirname, '../../node_modules/vega-datasets/data', name);
  expect(readFileSync(join(folder, 'data', name)).equals(readFileSync(packaged))).toBe(true);
});

const packaged = (name: string): readonly object[] => JSON.parse(readFileSync(join(import.meta.dirname, '../../node_modules/vega-datasets/data', name), 'utf8')) as object[];

test('the sample data in another shape holds the values of its package (made by e2e/tools/sample-data.ts)', () => {
  const birds = new Sqlite(join(folder, 'data/penguins.sqlite'), { readonly: true });
  expect(birds.prepare('SELECT * FROM penguins ORDER BY id').raw().all()).toEqual(packaged('penguins.json').map((row, index) => [index + 1, ...Object.values(row)]));
  birds.close();
  expect(readFileSync(join(folder, 'data/flights.ndjson'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(packaged('flights-2k.json'));
});
