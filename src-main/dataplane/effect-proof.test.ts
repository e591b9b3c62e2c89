import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { EffectProof } from '#shared/events';
import { markOf, tellEffect } from './effect-proof.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-proof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'out.csv');
const staged = join(folder, '.out.csv.part');

/** As a sink leaves it right before its rename. */
function staging(before: string | null): EffectProof {
  if (before !== null) writeFileSync(path, before);
  writeFileSync(staged, `${before ?? ''}more\n`);
  const after = markOf(staged);
  if (after === null) throw new Error('nothing staged');
  return { kind: 'file', path, before: markOf(path), after };
}
beforeEach(() => {
  rmSync(path, { force: true });
  rmSync(staged, { force: true });
});

test.each([['a file that was there', 'old\n'], ['no file', null]] as const)('before the rename it has not happened, after it it has: over %s', (_what, before) => {
  const proof = staging(before);
  expect(tellEffect(proof)).toBe('not');
  renameSync(staged, path);
  expect(tellEffect(proof)).toBe('happened');
});

test('a proof survives its way through the journal', () => {
  const proof = staging('old\n');
  renameSync(staged, path);
  expect(tellEffect(JSON.parse(JSON.stringify(proof)) as EffectProof)).toBe('happened');
});

test.each([
  ['appended to by somebody', () => appendFileSync(path, 'x')],
  ['cut', () => truncateSync(path, 1)],
  ['replaced by a copy of itself', () => [copyFileSync(path, staged), renameSync(staged, path)]],
  ['touched', () => utimesSync(path, 1, 1)],
] as const)('a file that was %s since tells nothing, whether the rename had happened or not', (_what, meddle) => {
  const done = staging('old\n');
  renameSync(staged, path);
  meddle();
  expect(tellEffect(done)).toBe('unknown');
  const undone = staging('old\n');
  meddle();
  expect(tellEffect(undone)).toBe('unknown');
});

test('a file that has gone tells nothing, unless none had been there', () => {
  const proof = staging('old\n');
  rmSync(path);
  expect(tellEffect(proof)).toBe('unknown');
  expect(tellEffect({ ...proof, before: null })).toBe('not');
});

test('what can’t be looked at tells nothing', () => {
  const proof = staging(null);
  expect(tellEffect(proof, () => { throw new Error('EACCES'); })).toBe('unknown');
});
