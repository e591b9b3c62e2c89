import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shippedIcons, trayIcon } from './tray-icon.ts';

const CASES = [['darwin', false], ['win32', true], ['win32', false], ['linux', true]] as const;

const width = (path: string): number => readFileSync(path).readUInt32BE(16);

it.each(CASES)('has a sharp icon for %s, dark bar %s', (platform, dark) => {
  const file = join(shippedIcons(), trayIcon(platform, dark));
  const twice = file.replace('.png', '@2x.png');
  expect(existsSync(file) && existsSync(twice)).toBe(true);
  expect(width(twice)).toBe(2 * width(file));
});

it('fits the bar', () => {
  expect(new Set(CASES.map(([platform, dark]) => trayIcon(platform, dark))).size).toBe(4);
});
