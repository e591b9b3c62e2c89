import { expect, test } from 'vitest';
import type { RunScope } from '#shared/events';
import { NodeId } from '#shared/ids';
import { inPlay } from './in-play.ts';
import type { PlanGraph } from './in-play.ts';
import { plan } from './plan.ts';
import type { Fusing } from './plan.ts';

/** `graph('csv:source filter:filter!', 'csv>filter filter.rejected>sink')`: `!` disables, `*` is a checkpoint, `^` is pinned, `?` diverts. */
function graph(nodes: string, edges: string): { readonly graph: PlanGraph; readonly fusing: (node: NodeId) => Fusing } {
  const listed = nodes.split(' ').map((text) => {
    const [name = '', fusing = ''] = text.replace(/[!*^?]+$/u, '').split(':');
    const marked = (mark: string): boolean => text.includes(mark);
    return { id: NodeId.parse(name), fusing: fusing as Fusing, disabled: marked('!'), checkpoint: marked('*'), pin: marked('^') ? {} : undefined, onError: marked('?') ? ('errorPort' as const) : undefined };
  });
  const drawn = edges.split(' ').filter(Boolean).map((text) => {
    const [[source = '', sourcePort = 'out'], [target = '', targetPort = 'in']] = text.split('>').map((end) => end.split('.')) as [string[], string[]];
    return { source: NodeId.parse(source), sourcePort, target: NodeId.parse(target), targetPort };
  });
  return { graph: { nodes: listed, edges: drawn }, fusing: (node) => listed.find((one) => one.id === node)?.fusing ?? 'rows' };
}
const made = (nodes: string, edges: string, scope: RunScope = { kind: 'all' }) => {
  const drawn = graph(nodes, edges);
  return plan(drawn.graph, drawn.fusing, scope);
};
const shape = (nodes: string, edges: string, scope?: RunScope) => made(nodes, edges, scope).segments.map((one) => `${one.nodes.join('+')}=${one.end.kind}<${one.needs.join(',')}`);

test('a chain to a file is one segment; a reshape rests in a table', () => {
  expect(shape('csv:source keep:filter map:rows out:sink', 'csv>keep keep>map map>out')).toEqual(['csv+keep+map+out=sink<']);
  expect(shape('csv:source keep:filter sum:reshape out:sink', 'csv>keep keep>sum sum>out')).toEqual(['csv+keep+sum=table<', 'out=sink<sum']);
});

test('a filter with both ports consumed is one table with both', () => {
  expect(made('csv:source keep:filter a:sink b:sink', 'csv>keep keep>a keep.rejected>b').segments[0]?.end).toEqual({ kind: 'table', node: 'keep', ports: ['out', 'rejected'] });
});

test('a query reads tables and leaves one; a stream takes a chain', () => {
  expect(shape('csv:source ask:query out:sink', 'csv>ask ask>out')).toEqual(['csv=table<', 'ask=table<csv', 'out=sink<ask']);
  expect(shape('csv:source js:stream out:sink', 'csv>js js>out')).toEqual(['csv+js=stream<', 'out=sink<js']);
});

test('two inputs are read from tables, also when both come from one node', () => {
  expect(shape('a:source b:source join:reshape', 'a>join.left b>join.right')).toEqual(['a=table<', 'b=table<', 'join=discard<a,b']);
  expect(shape('a:source join:reshape', 'a>join.left a>join.right')).toEqual(['a=table<', 'join=discard<a']);
});

test('a disabled transform lets rows through, a disabled source takes what follows with it', () => {
  expect(shape('csv:source keep:filter! out:sink', 'csv>keep keep>out')).toEqual(['csv+out=sink<']);
  const gone = made('csv:source! keep:filter out:sink other:source', 'csv>keep keep>out');
  expect(gone.segments.map((one) => one.id)).toEqual(['other']);
  expect(gone.skipped.map((one) => one.node)).toEqual(['csv', 'keep', 'out']);
});

test('a disabled filter rejects nothing: what hangs on `rejected` is left out', () => {
  const { graph: drawn, fusing } = graph('csv:source keep:filter! a:sink b:sink', 'csv>keep keep>a keep.rejected>b');
  const left = inPlay(drawn, fusing, { kind: 'all' });
  expect(left.edges).toEqual([{ source: 'csv', sourcePort: 'out', target: 'a', targetPort: 'in' }]);
  expect(left.skipped.map((one) => one.node)).toEqual(['keep', 'b']);
});

test('a union keeps going on the inputs it has left', () => {
  expect(shape('a:source! b:source all:reshape out:sink', 'a>all b>all all>out')).toEqual(['b+all=table<', 'out=sink<all']);
});

test('`from` leaves other sinks alone and `to` stops at the node', () => {
  const nodes = 'csv:source keep:filter a:sink b:sink';
  const edges = 'csv>keep keep>a csv>b';
  expect(shape(nodes, edges, { kind: 'from', node: NodeId.parse('keep') })).toEqual(['csv+keep+a=sink<']);
  expect(shape(nodes, edges, { kind: 'to', node: NodeId.parse('keep') })).toEqual(['csv+keep=discard<']);
  expect(made(nodes, edges, { kind: 'to', node: NodeId.parse('keep') }).skipped).toEqual([{ node: 'a', reason: 'outOfScope' }, { node: 'b', reason: 'outOfScope' }]);
});

test('a cycle is refused by name', () => {
  expect(() => made('a:rows b:rows', 'a>b b>a')).toThrow(/a → b → a/);
});

test('a chain of very many nodes is cut into segments that rest in tables', () => {
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
  const nodes = ['csv:source', ...names.map((name) => `${name}:rows`), 'out:sink'].join(' ');
  const edges = [...names, 'out'].map((name, index) => `${index === 0 ? 'csv' : names[index - 1]}>${name}`).join(' ');
  const { segments } = made(nodes, edges);
  expect(segments.map((one) => [one.nodes.length, one.end.kind])).toEqual([[40, 'table'], [40, 'table'], [22, 'sink']]);
  expect(segments.map((one) => one.needs)).toEqual([[], ['n38'], ['n78']]);
});

test('a checkpoint ends a segment and keeps what is read of it, or its first output where nobody reads any', () => {
  const { segments } = made('csv:source keep:filter* map:rows out:sink', 'csv>keep keep>map map>out');
  expect(segments.map((one) => [one.nodes.join('+'), one.keeps])).toEqual([['csv+keep', ['out']], ['map+out', []]]);
  expect(made('csv:source keep:filter* a:sink b:sink', 'csv>keep keep>a keep.rejected>b').segments[0]?.keeps).toEqual(['out', 'rejected']);
  const drawn = graph('csv:source sum:reshape*', 'csv>sum');
  expect(plan(drawn.graph, drawn.fusing, { kind: 'all' }, () => 'sums').segments[0]).toMatchObject({ keeps: ['sums'], end: { kind: 'table', ports: ['sums'] } });
});

test('a checkpoint on a sink changes nothing', () => {
  expect(made('csv:source out:sink*', 'csv>out')).toEqual(made('csv:source out:sink', 'csv>out'));
});

test('a node that diverts stands alone, and its port `error` is read like any other', () => {
  const nodes = 'csv:source keep:filter? map:rows out:sink bad:sink both:reshape';
  const { segments } = made(nodes, 'csv>keep keep>map map>out keep.error>bad keep.error>both keep>both');
  expect(segments.map((one) => `${one.nodes.join('+')}${one.diverts ? '?' : ''}<${one.needs.join(',')}<${one.afterFailure.join(',')}`)).toEqual(['csv<<', 'keep?<csv<', 'bad<keep<keep', 'both<keep<', 'map+out<keep<']);
  expect(segments[1]?.end).toEqual({ kind: 'table', node: 'keep', ports: ['out', 'error'] });
  expect(made('csv:source out:sink? bad:sink', 'csv>out out.error>bad').segments.map((one) => one.end)).toEqual([
    { kind: 'table', node: 'csv', ports: ['out'] },
    { kind: 'sink', node: 'out', ports: ['error'] },
    { kind: 'sink', node: 'bad', ports: [] },
  ]);
});

test('a disabled node fails at nothing: what hangs on its port `error` is left out', () => {
  expect(made('csv:source keep:filter?! out:sink bad:sink', 'csv>keep keep>out keep.error>bad').skipped.map((one) => one.node)).toEqual(['keep', 'bad']);
});

test('a pinned node is a source: what only fed it is not needed, what feeds a sink too goes on', () => {
  const cut = made('csv:source keep:filter sum:reshape^ out:sink', 'csv>keep keep>sum sum>out');
  expect(cut.segments.map((one) => one.nodes.join('+'))).toEqual(['sum+out']);
  expect(cut.skipped).toEqual([{ node: 'csv', reason: 'notNeeded' }, { node: 'keep', reason: 'notNeeded' }]);
  expect(shape('csv:source keep:filter sum:reshape^ out:sink log:sink', 'csv>keep keep>sum sum>out keep>log')).toEqual(['sum+out=sink<', 'csv+keep+log=sink<']);
});

test('a pinned node that is disabled is disabled, and a pinned sink writes', () => {
  expect(made('csv:source keep:filter^! out:sink^', 'csv>keep keep>out').segments.map((one) => one.nodes.join('+'))).toEqual(['csv+out']);
});

test('up to a pinned node only that node is needed', () => {
  const { segments, skipped } = made('csv:source keep:filter^ out:sink', 'csv>keep keep>out', { kind: 'to', node: NodeId.parse('keep') });
  expect(segments.map((one) => one.id)).toEqual(['keep']);
  expect(skipped).toEqual([{ node: 'out', reason: 'outOfScope' }, { node: 'csv', reason: 'notNeeded' }]);
});
