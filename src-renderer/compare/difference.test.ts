import { describe, expect, it } from 'vitest';
import { makeFormat } from '../i18n/format.ts';
import { signed } from './difference.ts';

const f = makeFormat('en');
const rows = (before: number, after: number) => signed(before, after, (value) => f.number(value), f);

describe('how much more or less', () => {
  it('is told with its share', () => expect([rows(100, 135), rows(200, 150)]).toEqual(['+35 (+35%)', '−50 (−25%)']));
  it('has no share of nothing', () => expect(rows(0, 1200)).toBe('+1,200'));
  it('is not told where there is none', () => expect(rows(7, 7)).toBeNull());
});
