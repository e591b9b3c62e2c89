import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { withDefaults } from '#shared/workflow/defaults';
import { SPECS } from './workflow.testing.ts';

function defaultsOf(nodeType: string, config: JsonObject): JsonObject {
  const spec = SPECS.find((one) => one.nodeType === nodeType);
  if (spec === undefined) throw new Error(`no ${nodeType}`);
  return withDefaults(spec, config);
}

describe('withDefaults', () => {
  test('fills in what is missing and keeps what is given, unknown keys too', () => {
    expect(defaultsOf('file.csv', { path: 'a.csv', skip: 3, header: false, mine: 1 })).toEqual({ path: 'a.csv', header: false, skip: 3, onBadRow: 'fail', nullValues: [''], mine: 1 });
  });

  test('null, and an empty text where a text makes no sense, count as left out', () => {
    expect(defaultsOf('file.csv', { path: '', skip: null, onBadRow: '', delimiter: '' })).toEqual({ header: true, skip: 0, onBadRow: 'fail', nullValues: [''], delimiter: '' });
    expect(defaultsOf('data.transform', { extra: null })).toEqual({ columns: [], extra: null });
  });

  test('reaches into lists and variants', () => {
    expect(defaultsOf('data.transform', { rules: [{ rule: 'limit' }, { rule: 'unheard' }, 7], columns: [{ name: 'a' }, { name: 'b', keep: false }] })).toEqual({
      rules: [{ rule: 'limit', count: 100 }, { rule: 'unheard' }, 7],
      columns: [
        { name: 'a', keep: true },
        { name: 'b', keep: false },
      ],
    });
  });

  test('does not touch what it was given', () => {
    const config = { columns: [{ name: 'a' }] };
    defaultsOf('data.transform', config);
    expect(config).toEqual({ columns: [{ name: 'a' }] });
  });
});
