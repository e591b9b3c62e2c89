import { describe, expect, it } from 'vitest';
import { nodeKey } from '#shared/node-spec';
import type { NodeKind, NodeSpec } from '#shared/node-spec';
import { arrangeSpecs, searchSpecs } from './search.ts';

const spec = (type: NodeKind, nodeType: string, en = nodeType): NodeSpec => ({ type, nodeType, label: { en, zh: en }, summary: { en: '', zh: '' }, icon: 'table', inputs: [], outputs: [], params: [], repeatable: true });
const keys = (specs: readonly NodeSpec[]): readonly string[] => specs.map(nodeKey);

describe('node types', () => {
  it('stand by kind, and within it beside their like', () => {
    const mixed = [spec('sink', 'sql.write'), spec('source', 'random.numbers'), spec('transform', 'http.request'), spec('source', 'sql.query'), spec('source', 'file.csv'), spec('transform', 'filter.condition'), spec('sink', 'console.log'), spec('sink', 'file.text'), spec('source', 'file.text')];
    expect(keys(arrangeSpecs(mixed))).toEqual([
      'source/file.csv', 'source/file.text', 'source/sql.query', 'source/random.numbers',
      'transform/filter.condition', 'transform/http.request',
      'sink/file.text', 'sink/sql.write', 'sink/console.log',
    ]);
  });
  it('are found by every word, the name first', () => {
    const specs = [spec('source', 'a', 'Read a table'), spec('sink', 'b', 'Table'), spec('sink', 'c', 'Other')];
    expect(keys(searchSpecs(specs, 'table'))).toEqual(['sink/b', 'source/a']);
    expect(keys(searchSpecs(specs, ' table read '))).toEqual(['source/a']);
    expect(searchSpecs(specs, '')).toBe(specs);
  });
});
