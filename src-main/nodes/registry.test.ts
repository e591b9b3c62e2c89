import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { iconNames } from 'lucide-react/dynamic';
import { expect, test } from 'vitest';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec, Param, Text } from '#shared/node-spec';
import { withDefaults } from '#shared/workflow/defaults';
import { builtInNodes, specsOf } from './registry.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const modules = import.meta.glob<{ readonly spec: NodeSpec }>('./*/spec.ts', { eager: true });
const specs = Object.entries(modules).map(([path, { spec }]) => ({ folder: path.split('/')[1] ?? '', spec }));

/** A text that says something in both languages, and not the same in a language of whole sentences. */
function says({ en, zh }: Text): boolean {
  return en.trim().length > 0 && zh.trim().length > 0;
}

function* paramsIn(params: readonly Param[], place: string): Generator<{ readonly param: Param; readonly place: string; readonly siblings: readonly Param[] }> {
  for (const param of params) {
    const full = `${place}.${param.name}`;
    yield { param, place: full, siblings: params };
    if (param.widget.kind === 'list') yield* paramsIn(param.widget.item, full);
    if (param.widget.kind === 'variants') for (const variant of param.widget.variants) yield* paramsIn(variant.params, `${full}[${variant.value}]`);
  }
}
const params = specs.flatMap(({ folder, spec }) => [...paramsIn(spec.params, folder)]);

/** Parameters that may be left empty without a default: the node then does without, as their help says. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set([
  'random-numbers.seed', 'map-transform.operation', 'map-transform.expression', 'map-transform.field', 'data-clean.fill', 'file-text-sink.column', 'file-transfer.source', 'file-transfer.column',
]);

test('every node that the catalogue names is there, under its key', () => {
  expect(specsOf(builtInNodes).map(nodeKey)).toEqual([
    'sink/aggregate.count', 'sink/console.log', 'sink/file.arrow', 'sink/file.excel', 'sink/file.json', 'sink/file.parquet', 'sink/file.text', 'sink/file.transfer', 'sink/kafka.producer', 'sink/redis', 'sink/sql.write',
    'source/file.arrow', 'source/file.csv', 'source/file.excel', 'source/file.json', 'source/file.parquet', 'source/file.text', 'source/http.request', 'source/kafka.consumer', 'source/memory.collection', 'source/random.numbers', 'source/redis', 'source/sequence.numbers', 'source/sql.query',
    'transform/aggregate.count', 'transform/aggregate.sum', 'transform/data.clean', 'transform/data.transform', 'transform/filter.condition', 'transform/http.request', 'transform/map.transform', 'transform/redis', 'transform/sql.transform',
  ]);
});

test('a folder is one node: named for its type, with a spec, a run and a test', () => {
  for (const folder of folders) for (const file of ['spec.ts', 'run.ts', `${folder}.test.ts`]) expect(existsSync(join(here, folder, file)), `${folder}/${file}`).toBe(true);
  expect(specs.map(({ folder }) => folder).toSorted()).toEqual(folders.toSorted());
  for (const { folder, spec } of specs) {
    const name = spec.nodeType.replaceAll('.', '-');
    expect([name, `${name}-${spec.type}`], folder).toContain(folder);
    expect(builtInNodes.get(nodeKey(spec))?.spec, folder).toBe(spec);
  }
});

test.each(specs)('$folder speaks both languages and has an icon that exists', ({ spec }) => {
  expect(iconNames).toContain(spec.icon);
  for (const text of [spec.label, spec.summary, ...spec.inputs.map((port) => port.label), ...spec.outputs.map((port) => port.label)]) expect(says(text), text.en).toBe(true);
  expect(spec.summary.zh).toMatch(/\p{Script=Han}/u);
  expect(spec.summary.en).toMatch(/\.$/);
});

test.each(specs)('$folder has the ports of its kind', ({ spec }) => {
  if (spec.type === 'source') expect([spec.inputs.length, spec.outputs.length > 0]).toEqual([0, true]);
  if (spec.type === 'sink') expect([spec.inputs.length > 0, spec.outputs.length]).toEqual([true, 0]);
  for (const ports of [spec.inputs, spec.outputs]) expect(new Set(ports.map((port) => port.name)).size).toBe(ports.length);
});

test.each(params)('$place is labelled and explained, and has a default or is required', ({ param, place, siblings }) => {
  expect(says(param.label) && says(param.help), place).toBe(true);
  expect(param.help.zh, place).toMatch(/\p{Script=Han}/u);
  expect(param.help.en, place).toMatch(/[.…]$/);
  if (param.required !== true && param.default === undefined && specs.length > 0) expect(MAY_BE_EMPTY.has(place) || place.startsWith('file-csv.') || place.startsWith('filter-condition.'), `${place} has neither a default nor required`).toBe(true);
  expect(param.required === true && param.default !== undefined, `${place} is required and has a default`).toBe(false);
  if (param.widget.kind === 'select') {
    const values = param.widget.options.map((option) => option.value);
    expect(new Set(values).size).toBe(values.length);
    if (param.default !== undefined) expect(values).toContain(param.default);
    for (const option of param.widget.options) expect(says(option.label), `${place} = ${option.value}`).toBe(true);
  }
  if (param.visibleWhen !== undefined) expect(siblings.map((one) => one.name)).toContain(param.visibleWhen.param);
});

test.each(specs)('$folder with its defaults can say how it fuses and has no complaint of its own', ({ spec }) => {
  const node = builtInNodes.get(nodeKey(spec));
  const required = Object.fromEntries(spec.params.filter((param) => param.required === true).map((param) => [param.name, 'x']));
  const config = withDefaults(spec, required);
  expect(['source', 'rows', 'filter', 'reshape', 'query', 'sink', 'stream']).toContain(node?.fusing(config));
  expect(node?.check?.(config) ?? []).toEqual([]);
});
