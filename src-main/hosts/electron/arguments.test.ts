import { expect, it } from 'vitest';
import { dataDirArgument, isHidden } from './arguments.ts';

it('finds the data folder among Chromium’s switches', () => {
  expect(dataDirArgument(['.', '--no-sandbox', '--data-dir=/data', '--lang=zh'], '/here')).toBe('/data');
  expect(dataDirArgument(['.', '--data-dir', 'mine'], '/here')).toBe('/here/mine');
  expect(dataDirArgument(['.', '--hidden', '--data-dir', 'mine'], '/here')).toBe('/here/mine');
});

it('has none where none was named', () => {
  expect(dataDirArgument(['.', '--inspect'], '/here')).toBeNull();
  expect(dataDirArgument(['--data-dir='], '/here')).toBeNull();
  expect(dataDirArgument(['--data-dir'], '/here')).toBeNull();
});

it('knows a start without a window', () => {
  expect(isHidden(['.', '--no-sandbox', '--hidden'])).toBe(true);
  expect(isHidden(['.', '--no-sandbox', 'hidden', '--hidden-thing'])).toBe(false);
});
