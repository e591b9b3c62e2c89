// oxlint-disable-next-line no-restricted-imports -- a test runs in Node, and vitest hands out stylesheets empty
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const tokens = new Map([...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [name ?? '', { light: light ?? '', dark: dark ?? '' }]));

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ['app', 'surface', 'raised', 'sunken', 'hover'];
const texts = ['ink', 'ink-2', 'ink-3', 'accent-text', 'failed', 'interrupted', 'completed', 'running'];
const tinted = ['source', 'transform', 'sink', 'flow', 'queued', 'running', 'completed', 'failed', 'cancelled', 'skipped', 'interrupted'];
const pairs = [
  ...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)),
  ...tinted.map((tone) => [tone, `${tone}-soft`] as const),
  ['ink', 'active'] as const,
  ['ink-2', 'active'] as const,
  ['ink', 'accent-soft'] as const,
  ['ink-2', 'accent-soft'] as const,
  ['ink-3', 'accent-soft'] as const,
  ['ink', 'failed-soft'] as const,
  ['ink-2', 'failed-soft'] as const,
  ['accent-ink', 'accent'] as const,
  ['danger-ink', 'danger'] as const,
];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  it.each(pairs)('%s on %s meets WCAG AA', (text, surface) => {
    const [front, back] = [tokens.get(text)?.[theme], tokens.get(surface)?.[theme]];
    expect(front, text).toBeDefined();
    expect(back, surface).toBeDefined();
    expect(contrast(front ?? '', back ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['focus', 'completed', 'failed', 'running', 'interrupted', 'queued'])('%s is seen as a mark', (mark) =>
    expect(contrast(tokens.get(mark)?.[theme] ?? '', tokens.get('surface')?.[theme] ?? '')).toBeGreaterThanOrEqual(3),
  );
});
