import { expect, it } from 'vitest';
import { staysWithoutWindow } from './staying.ts';

it.each([
  ['darwin', false, false, true],
  ['linux', true, true, true],
  ['linux', true, false, false],
  ['linux', false, true, false],
  ['win32', true, true, true],
  ['win32', false, true, false],
])('on %s, kept in the tray %s, with a tray %s: %s', (platform, keepInTray, tray, stays) => {
  expect(staysWithoutWindow({ platform, keepInTray, tray })).toBe(stays);
});
