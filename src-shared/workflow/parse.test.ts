import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { canonical, canonicalText } from '#shared/workflow/canonical';
import { jsonError } from '#shared/workflow/json-error';
import { migrate, STEPS } from '#shared/workflow/migrate';
import { parseAndCheck, parseWorkflow } from '#shared/workflow/parse';
import { FORMAT_VERSION, Workflow } from '#shared/workflow/workflow';
import { rightWorkflow, SPECS } from './workflow.testing.ts';

const parse = (text: string) => parseWorkflow(text, { specs: SPECS });

describe('parseWorkflow', () => {
  test.each([
    ['{"a":1,,}', 1, 8, 'a name in double quotes is expected'],
    ['{\n "nodes": [1,2,,3],\n "edges": []}', 2, 16, 'a value is expected'],
    ['{"a": tru}', 1, 7, 'a value is expected'],
    ['{"a": [1', 1, 9, 'the text ends too early'],
    ['[1}', 1, 3, '“,” or a closing bracket is expected'],
    ['{"a":1}\n}', 2, 1, 'the text goes on after its end'],
    ['{"a": "x\ny"}', 1, 7, 'a value is expected'],
    ["{'a': 1}", 1, 2, 'a name in double quotes or “}” is expected'],
  ])('%s: line and column of what is not JSON', (text, line, column, reason) => {
    expect(parse(text).problems).toMatchObject([{ code: 'not_json', message: `This is not JSON: ${reason} at line ${line}, column ${column}.` }]);
  });

  test('the place is never before what JSON.parse still understood', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const cut = text.slice(0, at % text.length);
        const { offset } = jsonError(cut);
        expect(offset).toBeLessThanOrEqual(cut.length);
        expect(() => JSON.parse(cut + (offset < cut.length ? '' : '!'))).toThrow();
      }),
    );
  });

  test('an empty file, a byte order mark, a list, a text', () => {
    expect(parse(' \n').problems).toMatchObject([{ code: 'empty_file' }]);
    expect(parse(`\u{FEFF}${canonicalText(rightWorkflow())}`).workflow).toEqual(rightWorkflow());
    expect(parse('[1, 2]').problems).toMatchObject([{ code: 'not_a_workflow' }]);
    expect(parse('"x"').problems).toMatchObject([{ code: 'not_a_workflow', message: expect.stringContaining('the text “x”') }]);
  });

  test('nesting without end is refused, not overflowed', () => {
    expect(parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).problems).toMatchObject([{ code: 'too_deep' }]);
  });

  test('fifty megabytes are read and checked without hanging', () => {
    const row = { id: 1, name: 'x'.repeat(40), tags: ['a', 'b'], nested: { n: 1.5, ok: true } };
    const data = Array.from({ length: 500_000 }, (_, id) => ({ ...row, id }));
    const text = JSON.stringify({ ...rightWorkflow(), nodes: [{ id: 'm', type: 'source', nodeType: 'memory.collection', config: { data } }], edges: [] });
    expect(text.length).toBeGreaterThan(50_000_000);
    const start = performance.now();
    const { workflow, problems } = parseAndCheck(text, { specs: SPECS });
    const took = performance.now() - start;
    expect(workflow?.nodes).toHaveLength(1);
    expect(problems.map((one) => one.code)).toEqual(['unused']);
    expect(took).toBeLessThan(200_000);
  });

  test('fifty megabytes of broken nodes give a page of problems, not a million', () => {
    const nodes = Array.from({ length: 400_000 }, (_, index) => ({ id: `n${index % 1000}`, type: 'sourc', nodeType: 'file.csv', position: { x: 'left', y: 0 }, config: { path: 'a-file-with-a-name.csv' } }));
    const { workflow, problems } = parseAndCheck(JSON.stringify({ ...rightWorkflow(), nodes, edges: [] }), { specs: SPECS });
    expect(workflow).toBeNull();
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)).toMatchObject({ code: 'more' });
  });
});

describe('migrate', () => {
  const context = { specs: SPECS, name: 'From a file' };

  test('the steps are numbered without gaps up to the present version', () => {
    expect(STEPS.map((step) => step.to)).toEqual(STEPS.map((_, index) => index + 1));
    expect(STEPS.at(-1)?.to).toBe(FORMAT_VERSION);
  });

  test('a file of the present version is left as it is', () => {
    const file = canonical(rightWorkflow());
    expect(migrate(file, context)).toEqual({ value: file, problems: [] });
  });

  test('a newer version is refused with both numbers; nonsense too', () => {
    expect(parse('{"formatVersion":7,"nodes":[],"edges":[]}').problems).toMatchObject([{ code: 'newer_format', message: 'The file has format version 7; this Millrace reads versions up to 1.' }]);
    for (const version of ['"1"', '1.5', '-1', 'true']) expect(parse(`{"formatVersion":${version},"nodes":[],"edges":[]}`).problems).toMatchObject([{ code: 'wrong_format_version' }]);
  });

  test('step 1 makes a workflow of a file without version', () => {
    const done = migrate({ nodes: [], edges: [] }, context);
    expect(Workflow.parse(done.value)).toMatchObject({ formatVersion: 1, id: 'from-a-file', name: 'From a file', version: '1.0.0' });
  });
});

describe('canonicalText', () => {
  test('keys of the schema first in its order, unknown ones after, two spaces, one newline', () => {
    const mixed = { zebra: 1, edges: [{ target: 'b', color: 'red', source: 'a', id: 'e' }], nodes: [], metadata: {}, name: 'N', formatVersion: 1, id: 'w', apple: 2 };
    expect(canonicalText(Workflow.parse(mixed))).toBe(`{
  "formatVersion": 1,
  "id": "w",
  "name": "N",
  "description": "",
  "version": "1.0.0",
  "author": "",
  "tags": [],
  "settings": {},
  "nodes": [],
  "edges": [
    {
      "id": "e",
      "source": "a",
      "target": "b",
      "color": "red"
    }
  ],
  "metadata": {},
  "zebra": 1,
  "apple": 2
}
`);
  });

  test('whatever a workflow holds comes back, and written again it is the same text', () => {
    const key = fc.string({ minLength: 1 }).filter((word) => word !== '__proto__');
    const json = fc.letrec((tie) => ({ any: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.boolean(), fc.integer(), fc.string(), fc.array(tie('any')), fc.dictionary(key, tie('any'))) })).any;
    const extra = fc.dictionary(key.filter((word) => !Object.hasOwn(Workflow.shape, word) && !['position', 'config', 'retry', 'label', 'note', 'pin', 'type', 'nodeType'].includes(word)), json);
    const node = fc.record({ more: extra, id: fc.string({ minLength: 1, maxLength: 9 }), config: fc.dictionary(key, json), label: fc.string(), x: fc.integer() });
    fc.assert(
      fc.property(extra, fc.array(node, { maxLength: 4 }), fc.string({ minLength: 1 }), (more, nodes, name) => {
        const workflow = Workflow.parse({
          ...more,
          formatVersion: 1,
          id: 'w',
          name,
          nodes: nodes.map((one) => ({ ...one.more, id: one.id, type: 'sink', nodeType: 'console.log', label: one.label, position: { y: 1, x: one.x }, config: one.config })),
          edges: [],
        });
        const text = canonicalText(workflow);
        const back = parse(text).workflow;
        expect(back).toEqual(workflow);
        expect(back === null ? '' : canonicalText(back)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test('a branded id is nothing but its text', () => {
    expect(canonicalText({ ...rightWorkflow(), edges: [{ id: 'e', source: NodeId.parse('read'), target: NodeId.parse('keep'), sourcePort: undefined }] })).toContain('"source": "read",\n      "target": "keep"');
  });
});

test('a long file nested too deep is refused before it is parsed; brackets in texts do not count', () => {
  const deep = '['.repeat(3_000_000);
  const startedAt = performance.now();
  expect(parseWorkflow(deep, { specs: [] }).problems.map((one) => one.code)).toEqual(['too_deep']);
  expect(performance.now() - startedAt).toBeLessThan(60_000);
  const texts = JSON.stringify({ nodes: [], edges: [], id: 'a', name: 'b', metadata: { a: Array.from({ length: 2000 }, () => '[{\\"'.repeat(100)) } });
  expect(texts.length).toBeGreaterThan(1_000_000);
  expect(parseWorkflow(texts, { specs: [] }).workflow?.id).toBe('a');
});
