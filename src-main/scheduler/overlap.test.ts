import { expect, test } from 'vitest';
import type { Buffered } from '#shared/schedule/state';
import { decideOverlap } from './overlap.ts';

const waits = (...hows: readonly Buffered['how'][]): readonly Buffered[] => hows.map((how, n) => ({ nominalTime: n, how }));
const kinds = ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll'] as const;
const decided = (active: number, buffered: readonly Buffered[]): readonly string[] => kinds.map((overlap) => decideOverlap(overlap, { active, buffered }).kind);

test('with nothing in hand every kind starts', () => {
  expect(decided(0, [])).toEqual(['start', 'start', 'start', 'start', 'start']);
});

test('beside a run each kind has its own answer', () => {
  expect(decided(1, [])).toEqual(['skip', 'buffer', 'buffer', 'replace', 'start']);
  expect(decided(1, waits('buffered'))).toEqual(['skip', 'skip', 'buffer', 'replace', 'start']);
});

test('what waits to be caught up counts as running, and takes no place of what waits for a run', () => {
  expect(decided(0, waits('catchUp', 'asked'))).toEqual(['skip', 'buffer', 'buffer', 'replace', 'start']);
});

test('a thousand wait at most', () => {
  expect(decided(1, waits(...Array.from({ length: 1000 }, () => 'catchUp' as const)))).toEqual(['skip', 'skip', 'skip', 'replace', 'start']);
});

test('what is replaced is all that waits but what a person asked for', () => {
  expect(decideOverlap('cancelOther', { active: 1, buffered: waits('catchUp', 'asked', 'buffered') })).toEqual({ kind: 'replace', drop: [0, 2] });
});
