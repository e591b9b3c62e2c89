import { expect, test } from 'vitest';
import type { RunScope } from '#shared/events';
import { check } from '#shared/workflow/check';
import { builtInNodes, specsOf } from '../nodes/registry.ts';
import { small } from './fake-worker.testing.ts';
import { createPrepare } from './prepare.ts';

const prepare = createPrepare({ registry: builtInNodes, specs: specsOf(builtInNodes), check: () => [], revisionOf: (workflow) => JSON.stringify(workflow) });
const prepared = (more: Parameters<typeof small>[0] = {}, settings: object = {}, scope: RunScope = { kind: 'all' }) => prepare({ workflow: small(more, 'w', settings), folder: '/tmp', scope });
const pin = { out: { columns: [{ name: 'value', type: 'BIGINT' }], rows: [['1']] } };

test('what the workflow wants of its runs is said with its plan', () => {
  expect(prepared()).toMatchObject({ recovery: 'resume', limit: null, memoryLimitMb: undefined });
  expect(prepared({}, { recovery: 'ask', maxConcurrentRuns: 2, timeoutMs: 5 })).toMatchObject({ recovery: 'ask', limit: 2, timeoutMs: 5 });
});

test('nothing flows into a pinned node, and what only fed it is not needed', () => {
  const { graph, plan } = prepared({ m: { pin } });
  expect(graph.nodes.map((node) => node.id)).toEqual(['m', 'sum', 'log']);
  expect(graph.edges.map((edge) => `${edge.source}>${edge.target}`)).toEqual(['m>sum', 'sum>log']);
  expect(plan.skipped).toEqual([{ node: 'n', reason: 'notNeeded' }]);
  expect(plan.segments[0]?.nodes).toEqual(['m', 'sum']);
});

test('what is wrong with a schedule stops no run, anything else does', () => {
  const checked = createPrepare({ registry: builtInNodes, specs: specsOf(builtInNodes), check: (workflow) => check(workflow, specsOf(builtInNodes)).problems, revisionOf: (workflow) => JSON.stringify(workflow) });
  const workflow = { ...small({}, 'w', {}), metadata: { schedule: { kind: 'cron', expression: '0 25 * * *' } } };
  expect(checked({ workflow, folder: '/tmp', scope: { kind: 'all' } }).graph.nodes.length).toBeGreaterThan(2);
  expect(() => checked({ workflow: { ...workflow, edges: [] }, folder: '/tmp', scope: { kind: 'all' } })).toThrow(expect.objectContaining({ code: 'invalid_workflow', detail: expect.not.stringContaining('hour') }));
});

test('a sink has nothing pinned', () => {
  const { graph, plan } = prepared({ log: { pin } });
  expect(graph.nodes.find((node) => node.id === 'log')).not.toHaveProperty('pin');
  expect(plan.skipped).toEqual([]);
});

test('policies are as the nodes say; pinned rows that can’t be read stop the run', () => {
  const retry = { attempts: 3, backoff: 'constant', initialMs: 1, maxMs: 1, jitter: 0 };
  expect(prepared({ m: { onError: 'errorPort', retry, timeoutMs: 9 } }).plan.policies).toMatchObject({ n: { onError: 'stop' }, m: { onError: 'errorPort', retry, timeoutMs: 9 } });
  expect(prepared({ m: { onError: 'errorPort', pin } }).plan.policies['m']?.onError).toBe('stop');
});

test('a checkpoint that nobody reads keeps the first output its type has', () => {
  const { plan } = prepared({ sum: { checkpoint: true } }, {}, { kind: 'to', node: 'sum' as never });
  expect(plan.segments.at(-1)).toMatchObject({ id: 'sum', keeps: ['out'] });
});
