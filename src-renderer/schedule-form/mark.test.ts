import { expect, it } from 'vitest';
import { cronMistake } from '#shared/schedule/cron-expression';
import { markOf } from './mark.ts';

it.each([
  ['0 8 * * 1-5', null],
  ['0 25 * * *', { before: '0 ', found: '25' }],
  ['0 8 * * 1-9', { before: '0 8 * * 1-', found: '9' }],
  ['0 8 * *', { before: '0 8 * *', found: ' ' }],
  ['', { before: '', found: ' ' }],
  ['@dayly', { before: '', found: '@dayly' }],
])('“%s” is marked where it is broken', (text, mark) => expect(markOf(text, cronMistake(text))).toEqual(mark));
