import { expect, test } from 'vitest';
import type { NodeSpec, Param } from '#shared/node-spec';
import { check } from '#shared/workflow/check';
import { problemText } from '#shared/workflow/problems';

const named: Param = { name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'x', zh: 'x' }, widget: { kind: 'connection', kinds: ['postgresql', 'mysql'] }, required: true };
const specs: readonly NodeSpec[] = [
  {
    type: 'source', nodeType: 'sql.query', label: { en: 'q', zh: 'q' }, summary: { en: 'q', zh: 'q' }, icon: 'x', inputs: [], outputs: [{ name: 'out', label: { en: 'o', zh: 'o' } }], repeatable: true,
    params: [
      named,
      { ...named, name: 'spare', required: false, visibleWhen: { param: 'useSpare', equals: [true] } },
      { name: 'useSpare', label: named.label, help: named.help, widget: { kind: 'boolean' }, default: false },
      { name: 'others', label: named.label, help: named.help, widget: { kind: 'list', item: [{ ...named, name: 'at' }], addLabel: named.label }, default: [] },
    ],
  },
];
const workflow = (config: object, more: object = {}): object => ({ formatVersion: 1, id: 'w', name: 'W', nodes: [{ id: 'q', type: 'source', nodeType: 'sql.query', config, ...more }], edges: [] });
const problems = (config: object, connections: Parameters<typeof check>[4], more: object = {}) =>
  check(workflow(config, more), specs, undefined, undefined, connections).problems.filter((one) => one.code.startsWith('connection_'));

test('a connection that is not there is a warning at its field', () => {
  expect(problems({ connection: 'Shop' }, [])).toEqual([expect.objectContaining({ severity: 'warning', code: 'connection_missing', node: 'q', field: 'connection', message: 'There is no connection called “Shop” here.' })]);
  expect(problems({ connection: 'Shop' }, [{ name: 'Shop', kind: 'mysql' }])).toEqual([]);
  // Where they are not known nothing is said of them.
  expect(problems({ connection: 'Shop' }, null)).toEqual([]);
});

test('one of a kind that the node can’t use is a warning in words of both languages', () => {
  const [found] = problems({ connection: 'Cache' }, [{ name: 'Cache', kind: 'redis' }]);
  expect(found).toMatchObject({ severity: 'warning', code: 'connection_kind', field: 'connection', message: 'The connection “Cache” is of the kind Redis; this node needs PostgreSQL or MySQL / MariaDB.' });
  expect(found === undefined ? '' : problemText(found, 'zh').message).toBe('连接“Cache”的类型是 Redis，此节点需要 PostgreSQL、MySQL / MariaDB。');
});

test('only what the form asks for counts, down into lists; a disabled or pinned node needs none', () => {
  expect(problems({ connection: 'Shop', spare: 'Gone', others: [{ at: 'Shop' }, { at: 'Lost' }] }, [{ name: 'Shop', kind: 'mysql' }]).map((one) => one.field)).toEqual(['others[1].at']);
  expect(problems({ connection: 'Shop', spare: 'Gone', useSpare: true }, [{ name: 'Shop', kind: 'mysql' }]).map((one) => one.field)).toEqual(['spare']);
  expect(problems({ connection: 'Shop' }, [], { disabled: true })).toEqual([]);
  expect(problems({ connection: 'Shop' }, [], { pin: { out: { columns: [{ name: 'a', type: 'BIGINT' }], rows: [] } } })).toEqual([]);
});
