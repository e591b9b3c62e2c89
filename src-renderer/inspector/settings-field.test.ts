import { expect, it } from 'vitest';
import { SPECS } from '../../src-shared/workflow/workflow.testing.ts';
import { settingsControl } from './settings-field.ts';

const spec = SPECS[0]!;
const named = (name: string) => ({ ...spec, params: [{ ...spec.params[0]!, name }] });

it.each([
  ['onError', 'node-error'],
  ['retry.initialMs', 'node-initial'],
  ['checkpoint', 'node-checkpoint'],
  ['path', null],
  ['pin.out.rows[3]', null],
  ['toString', null],
])('leads from the field %s to %s', (field, control) => expect(settingsControl(spec, field)).toBe(control));

it('a parameter of the node comes before a key of the same name', () => {
  expect(settingsControl(named('retry'), 'retry')).toBe(null);
  expect(settingsControl(named('retry'), 'retry.attempts')).toBe(null);
});
