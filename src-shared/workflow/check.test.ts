import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '#shared/json';
import { check, hasErrors } from '#shared/workflow/check';
import { canonical } from '#shared/workflow/canonical';
import { problemLine, PROBLEMS, problemText } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';
import { rightWorkflow, SPECS } from './workflow.testing.ts';

interface Loose {
  [key: string]: unknown;
  nodes: Record<string, unknown>[];
  edges: Record<string, unknown>[];
}
/** The problems after one change of the workflow that is right. */
function after(change: (workflow: Loose) => void): readonly Problem[] {
  const workflow = structuredClone(canonical(rightWorkflow())) as unknown as Loose;
  change(workflow);
  return check(workflow, SPECS).problems;
}
const node = (id: string, type: string, nodeType: string, config: JsonObject = {}, more: object = {}) => ({ id, type, nodeType, config, position: { x: 0, y: 0 }, ...more });
const edge = (id: string, source: string, target: string, more: object = {}) => ({ id, source, target, ...more });
/** Problems of a config of the node type with every kind of widget. */
const rulesConfig = (config: JsonObject) => after((w) => { w.nodes[1] = node('keep', 'transform', 'data.transform', config); });
const csvConfig = (config: JsonObject) => after((w) => { w.nodes[0] = node('read', 'source', 'file.csv', { path: 'a.csv', ...config }); });
const told = (problems: readonly Problem[]) => problems.map((one) => [one.code, one.node, one.field]);

const own = () => [{ field: 'condition', message: 'No.', remedy: 'Yes.' }];
const words = (sentences: readonly string[]) => [...new Set(sentences.flatMap((one) => one.match(/\{\w+\}/gu) ?? []))].toSorted();

describe('check', () => {
  test('a workflow that is right has no problem', () => {
    expect(check(canonical(rightWorkflow()), SPECS)).toEqual({ workflow: rightWorkflow(), problems: [] });
  });

  test.each([['https://example.org/a.csv', 'config_url'], ['S3://bucket/a', 'config_url'], ['a\0.csv', 'config_nul']])('the path %s is told of before a run', (path, code) => {
    expect(told(csvConfig({ path }))).toEqual([[code, 'read', 'path']]);
    expect(csvConfig({ path: 'C:/data/a.csv' })).toEqual([]);
  });

  test('every problem comes at once, errors first', () => {
    const problems = after((w) => {
      w.nodes[0] = node('read', 'source', 'file.cvs', {});
      w.nodes[1] = node('keep', 'transform', 'filter.condition', { conditon: 'a' });
      w.edges.push(edge('e3', 'show', 'keep'), edge('e4', 'ghost', 'show'));
    });
    expect(problems.map((one) => one.code).toSorted()).toEqual(['config_missing', 'config_unknown_near', 'cycle', 'edge_unknown_node', 'sink_output', 'too_many_edges', 'too_many_edges', 'unknown_type_near']);
    expect(problems.at(-1)?.severity).toBe('warning');
  });

  test('an unknown node type names the nearest one', () => {
    const [found] = after((w) => { w.nodes[0] = node('read', 'source', 'file.cvs'); });
    expect(found).toMatchObject({ node: 'read', field: 'nodeType', message: 'There is no node type “source/file.cvs”.', remedy: 'Did you mean “source/file.csv”?' });
    expect(after((w) => { w.nodes[2] = node('show', 'transform', 'console.log'); })[0]?.remedy).toBe('Did you mean “sink/console.log”?');
    expect(after((w) => { w.nodes[2] = node('show', 'sink', 'quantum.teleport'); })[0]).toMatchObject({ code: 'unknown_type' });
  });

  test('a cycle is told with its nodes', () => {
    const [found] = after((w) => { w.nodes.push(node('b', 'transform', 'filter.condition', { condition: 'x' })); w.edges = [edge('e1', 'read', 'keep'), edge('x', 'keep', 'b'), edge('y', 'b', 'keep'), edge('e2', 'keep', 'show')]; }).filter((one) => one.code === 'cycle');
    expect(found?.message).toBe('The nodes form a circle: keep → b → keep.');
  });

  test('edges: no such node, no such port, out of a sink, into a source, too many, twice', () => {
    expect(after((w) => { w.edges.push(edge('e3', 'keep', 'nobody')); })).toMatchObject([{ code: 'edge_unknown_node', edge: 'e3', message: expect.stringContaining('“nobody”') }]);
    expect(after((w) => { w.edges[1] = edge('e2', 'keep', 'show', { sourcePort: 'refused' }); })).toMatchObject([{ code: 'edge_unknown_port', message: expect.stringContaining('out, rejected') }]);
    expect(after((w) => { w.edges[1] = edge('e2', 'keep', 'show', { targetPort: 'rows' }); })).toMatchObject([{ code: 'edge_unknown_port', edge: 'e2' }]);
    expect(after((w) => { w.nodes.push(node('s', 'sink', 'console.log')); w.edges.push(edge('e3', 'show', 's')); })).toMatchObject([{ code: 'sink_output', edge: 'e3', node: 'show' }]);
    expect(after((w) => { w.edges.push(edge('e3', 'keep', 'read')); }).map((one) => one.code)).toContain('source_input');
    expect(after((w) => { w.edges.push(edge('e3', 'read', 'show')); })).toMatchObject([{ code: 'too_many_edges', node: 'show', params: { count: '2' } }]);
    expect(after((w) => { w.nodes[1] = node('keep', 'transform', 'data.transform'); w.edges.push(edge('e3', 'read', 'keep')); })).toMatchObject([{ code: 'repeated_edge', severity: 'warning', edge: 'e3' }]);
  });

  test('ids: two nodes with one, two edges with one', () => {
    expect(told(after((w) => { w.nodes.push(node('keep', 'transform', 'filter.condition', { condition: 'b' })); }))).toContainEqual(['duplicate_node', 'keep', 'id']);
    expect(after((w) => { w.edges[1] = edge('e1', 'keep', 'show'); })).toMatchObject([{ code: 'duplicate_edge', edge: 'e1' }]);
  });

  test('no nodes, no source, nothing connected, nobody listening', () => {
    expect(after((w) => { w.nodes = []; w.edges = []; })).toMatchObject([{ code: 'no_nodes' }]);
    expect(after((w) => { w.nodes.shift(); w.edges.shift(); }).map((one) => one.code)).toEqual(['no_source', 'unreachable']);
    expect(after((w) => { w.edges.shift(); })).toMatchObject([{ code: 'unreachable', severity: 'error', node: 'keep' }, { code: 'unused', severity: 'warning', node: 'read' }]);
    expect(after((w) => { w.nodes[1] = node('keep', 'transform', 'data.transform'); })).toEqual([]);
  });

  test('disabled: its form can wait, a sink behind a disabled source is told', () => {
    expect(after((w) => { w.nodes[1] = node('keep', 'transform', 'filter.condition', {}, { disabled: true }); })).toMatchObject([{ code: 'config_missing', severity: 'warning' }]);
    expect(after((w) => { w.nodes[0] = node('read', 'source', 'file.csv', { path: 'a' }, { disabled: true }); }).map((one) => one.code)).toEqual(['all_disabled', 'starved']);
  });

  test('a broken shape is told in plain sentences, and the rest is checked all the same', () => {
    const problems = after((w) => {
      w.nodes[0] = { ...w.nodes[0], position: { x: 'left', y: 0 } };
      w.nodes[1] = node('keep', 'transform', 'filter.condition', {});
      w.nodes[2] = { nodeType: 'console.log' };
      w['tags'] = 'a';
    });
    expect(problems).toMatchObject([
      { field: 'tags', message: '`tags` must be a list, but it is the text “a”.' },
      { node: 'read', field: 'position.x', message: '`position.x` must be a number, but it is the text “left”.' },
      { field: 'nodes[2].id', message: '`nodes[2].id` is missing.' },
      { field: 'nodes[2].type' },
      { code: 'edge_unknown_node' },
      { node: 'keep', code: 'config_missing' },
    ]);
  });

  test("a node type's own check is asked once the form is right", () => {
    expect(check(canonical(rightWorkflow()), SPECS, own).problems.map((one) => `${one.node}:${one.message}`)).toContain('keep:No.');
    const broken = structuredClone(canonical(rightWorkflow())) as unknown as Loose;
    broken.nodes[1] = node('keep', 'transform', 'filter.condition');
    expect(check(broken, SPECS, own).problems.filter((one) => one.node === 'keep').map((one) => one.code)).toEqual(['config_missing']);
  });
});

const scheduled = (schedule: Json) => after((w) => void Object.assign(w, { metadata: { schedule } }));

describe('the schedules of a workflow', () => {
  test('are checked with it, and stop no run', () => {
    const problems = scheduled([{ key: 'a', kind: 'cron', expression: '0 25 * * *', timeZone: 'UTC' }, { key: 'b', kind: 'manual', overlp: 'skip' }]);
    expect(problems).toMatchObject([
      { severity: 'error', code: 'schedule_cron', field: 'metadata.schedule[0].expression', message: 'The hour is broken at character 3: “25” is not allowed.' },
      { severity: 'warning', code: 'schedule_ignored_near', field: 'metadata.schedule[1].overlp', remedy: 'Did you mean `overlap`?' },
    ]);
    expect(hasErrors(problems)).toBe(false);
    expect(hasErrors(after((w) => { w.nodes = []; }))).toBe(true);
    expect(scheduled({ scheduleType: 'fixed_rate', interval: '1h' })).toEqual([]);
  });
});

describe('the form of a node', () => {
  test.each([
    [{ path: '' }, ['config_missing', 'path']],
    [{ path: 7 }, ['config_type', 'path']],
    [{ header: 'yes' }, ['config_type', 'header']],
    [{ skip: '1' }, ['config_type', 'skip']],
    [{ skip: 1.5 }, ['config_type', 'skip']],
    [{ skip: -1 }, ['config_range', 'skip']],
    [{ skip: 11 }, ['config_range', 'skip']],
    [{ onBadRow: 'explode' }, ['config_option', 'onBadRow']],
    [{ onBadRow: 'skip' }, ['config_missing', 'rejectsPath']],
    [{ nullValues: ['', 3] }, ['config_type', 'nullValues[1]']],
    [{ nullValues: 'NA' }, ['config_type', 'nullValues']],
    [{ delimiter: ';;' }, ['config_too_long', 'delimiter']],
    [{ delimiter: '\n' }, ['config_pattern', 'delimiter']],
    [{ heder: true }, ['config_unknown_near', 'heder']],
    [{ colour: 'red' }, ['config_unknown', 'colour']],
  ])('CSV %o', (config, [code, field]) => {
    expect(told(csvConfig(config))).toEqual([[code, 'read', field]]);
  });

  test.each([
    [{ rules: {} }, ['config_type', 'rules']],
    [{ rules: [3] }, ['config_type', 'rules[0]']],
    [{ rules: [{}] }, ['shape_missing', 'rules[0].rule']],
    [{ rules: [{ rule: 'limit' }, { rule: 'slect', columns: ['a'] }] }, ['config_option', 'rules[1].rule']],
    [{ rules: [{ rule: 'limit' }, { rule: 'limit' }, { rule: 'select', columns: [] }] }, ['config_missing', 'rules[2].columns']],
    [{ rules: [{ rule: 'select', columns: ['a', null] }] }, ['config_type', 'rules[0].columns[1]']],
    [{ rules: [{ rule: 'limit', count: 0 }] }, ['config_range', 'rules[0].count']],
    [{ columns: [{ keep: true }] }, ['config_missing', 'columns[0].name']],
    [{ columns: [{ name: 'a', keep: 1 }] }, ['config_type', 'columns[0].keep']],
    [{ columns: [{ name: 'a', nam: 1 }] }, ['config_unknown_near', 'columns[0].nam']],
    [{ names: ['a'] }, ['config_type', 'names']],
    [{ names: { a: 1 } }, ['config_type', 'names.a']],
    [{ remark: {} }, ['config_type', 'remark']],
  ])('rules %o', (config, [code, field]) => {
    expect(told(rulesConfig(config))).toEqual([[code, 'keep', field]]);
  });

  test('what is right passes: no rows are rows, any JSON is JSON, null is left out', () => {
    expect(rulesConfig({ extra: [{ a: null }], names: { a: 'b' }, remark: null, rules: [{ rule: 'select', columns: ['a'] }] })).toEqual([]);
    expect(after((w) => { w.nodes[0] = node('read', 'source', 'memory.collection', { data: [] }); })).toEqual([]);
    expect(told(after((w) => { w.nodes[0] = node('read', 'source', 'memory.collection', { data: 5 }); }))).toEqual([['config_type', 'read', 'data']]);
  });
});

/** The problems of the right workflow with its filter changed. */
const filtering = (change: object) => after((w) => void Object.assign(w.nodes[1] ?? {}, change));
const pinnedRows = (more: object = {}) => ({ out: { columns: [{ name: 'a', type: 'BIGINT' }, { name: 'b', type: 'VARCHAR' }], rows: [['1', null]], ...more } });

describe('how nodes are to be run', () => {
  test.each([
    ['errorPort', []],
    ['continue', [['edge_unknown_port', 'keep', undefined]]],
    ['stop', [['edge_unknown_port', 'keep', undefined]]],
  ])('an edge from `error` where a failure means %s', (onError, expected) => {
    const problems = after((w) => {
      Object.assign(w.nodes[1] ?? {}, { onError });
      w.nodes.push(node('log', 'sink', 'console.log', {}));
      w.edges.push(edge('x', 'keep', 'log', { sourcePort: 'error' }));
    });
    expect(told(problems)).toEqual(expected);
  });

  test('a sink that diverts has that one output', () => {
    const problems = after((w) => {
      Object.assign(w.nodes.at(-1) ?? {}, { onError: 'errorPort' });
      w.nodes.push(node('log', 'sink', 'console.log', {}));
      w.edges.push(edge('x', 'show', 'log', { sourcePort: 'error' }));
    });
    expect(problems).toEqual([]);
    expect(told(after((w) => Object.assign(w.nodes.at(-1) ?? {}, { onError: 'errorPort' })))).toEqual([['errors_unread', 'show', 'onError']]);
  });

  test('a wait longer than the longest, and checkpoints where nothing is kept, are told', () => {
    expect(told(filtering({ retry: { attempts: 3, backoff: 'constant', initialMs: 5000, maxMs: 1000, jitter: 0 } }))).toEqual([['retry_waits', 'keep', 'retry.initialMs']]);
    expect(filtering({ retry: { attempts: 1, backoff: 'constant', initialMs: 5000, maxMs: 1000, jitter: 0 } })).toEqual([]);
    expect(filtering({ checkpoint: true })).toEqual([]);
    expect(told(filtering({ checkpoint: true, disabled: true }))).toEqual([['checkpoint_disabled', 'keep', 'checkpoint']]);
    expect(told(after((w) => Object.assign(w.nodes.at(-1) ?? {}, { checkpoint: true })))).toEqual([['checkpoint_sink', 'show', 'checkpoint']]);
  });

  test.each([
    [pinnedRows(), []],
    [[{ a: 1 }], [['config_type', 'pin']]],
    [{}, [['pin_missing', 'pin.out']]],
    [{ ...pinnedRows(), other: pinnedRows().out }, [['pin_unknown', 'pin.other']]],
    [{ out: [] }, [['config_type', 'pin.out']]],
    [pinnedRows({ columns: undefined }), [['config_type', 'pin.out.columns']]],
    [pinnedRows({ rows: 'none' }), [['config_type', 'pin.out.rows']]],
    [pinnedRows({ columns: [] }), [['pin_no_columns', 'pin.out.columns']]],
    [pinnedRows({ columns: [{ name: 'a', type: 'BIGINT' }, { name: 'A', type: 'VARCHAR' }] }), [['pin_same_column', 'pin.out.columns[1].name']]],
    [pinnedRows({ columns: [{ name: 'a', type: 'BIGINT' }, { name: 'b' }] }), [['config_type', 'pin.out.columns[1].type']]],
    [pinnedRows({ rows: [['1', '2'], ['1'], []] }), [['pin_width', 'pin.out.rows[1]']]],
    [pinnedRows({ rows: [['1', 2]] }), [['config_type', 'pin.out.rows[0][1]']]],
  ])('pin %j', (pin, expected) => {
    expect(told(filtering({ pin }))).toEqual(expected.map(([code, field]) => [code, 'keep', field]));
  });

  test('what is wrong with the form of a pinned node can wait; a sink is none', () => {
    expect(filtering({ pin: pinnedRows(), config: {} })).toMatchObject([{ severity: 'warning', code: 'config_missing', node: 'keep' }]);
    expect(after((w) => void Object.assign(w.nodes.at(-1) ?? {}, { pin: {}, config: { limit: 'many' } }))).toMatchObject([{ severity: 'error', code: 'config_type', node: 'show' }]);
  });

  test('pinned rows need no input, and are a source', () => {
    const alone = after((w) => {
      Object.assign(w.nodes[1] ?? {}, { pin: pinnedRows() });
      w.edges = w.edges.filter((one) => one['target'] !== 'keep');
      w.nodes = w.nodes.filter((one) => one['type'] !== 'source');
    });
    expect(alone).toEqual([]);
  });
});

describe('the sentences', () => {
  test('both languages use the same params', () => {
    for (const [code, said] of Object.entries(PROBLEMS)) {
      for (const word of words(said.zh)) expect(words(said.en), code).toContain(word);
    }
  });

  test('a problem can be said in Chinese and on one line', () => {
    const [found] = csvConfig({ skip: 'many' });
    if (found === undefined) throw new Error('no problem');
    expect(problemLine(found)).toBe('read.skip: `skip` must be a whole number, but it is the text “many”. Change it to a whole number.');
    expect(problemText(found, 'zh')).toEqual({ message: '`skip` 应为 整数，实际为 文本“many”。', remedy: '请改为 整数。' });
    expect(problemText(found, 'en').message).toBe(found.message);
  });
});
