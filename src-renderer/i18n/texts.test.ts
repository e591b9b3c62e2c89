import { describe, expect, it } from 'vitest';
import type { Phrase } from './text.ts';

const files = import.meta.glob<Record<string, unknown>>(['../**/text.ts', '../**/words.ts', './common.ts', '../runs/event-text.ts'], { eager: true });
type Said = { readonly en: unknown; readonly zh: unknown };
const isSaid = (value: unknown): value is Said => typeof value === 'object' && value !== null && 'en' in value && 'zh' in value;

function collect(place: string, value: unknown): [string, Said][] {
  if (isSaid(value)) return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => collect(`${place}.${key}`, inner));
}

const said = Object.entries(files).flatMap(([file, exports]) => collect(file, exports));
/** Names and units that are the same in both languages. */
const SAME = new Set(['API', 'SQL', 'JSON', 'CSV']);

describe('texts', () => {
  it('are found', () => expect(said.length).toBeGreaterThan(150));
  it('are there in both languages, and of one kind', () => {
    for (const [place, { en, zh }] of said) {
      expect(typeof zh, place).toBe(typeof en);
      if (typeof en === 'string') expect(en.trim() === '' || String(zh).trim() === '', place).toBe(false);
    }
  });
  it('are not left in English', () => {
    const left = said.filter(([, { en, zh }]) => typeof zh === 'string' && en === zh && !SAME.has(zh) && /[a-z]{3}/.test(zh));
    expect(left.map(([place]) => place)).toEqual([]);
  });
  it('use the same blanks in both languages', () => {
    const phrases = said.filter((one): one is [string, Phrase<readonly unknown[]>] => typeof one[1].en === 'function');
    expect(phrases.length).toBeGreaterThan(20);
    for (const [place, { en, zh }] of phrases) expect(zh.length, place).toBe(en.length);
  });
});
