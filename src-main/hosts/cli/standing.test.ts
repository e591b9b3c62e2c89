import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RUN_STATUSES } from '#shared/run/run';
import { acquireLock } from '../../journal/lock.ts';
import { askedFor, isHeld, standing } from './standing.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-standing-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('a folder is held exactly as long as its studio has it, however often one looks', () => {
  expect(isHeld(dataDir)).toBe(false);
  const lock = acquireLock(dataDir);
  for (let looks = 0; looks < 3; looks++) expect(isHeld(dataDir)).toBe(true);
  expect(() => acquireLock(dataDir)).toThrow(/Another Millrace/);
  lock.release();
  expect(isHeld(dataDir)).toBe(false);
  acquireLock(dataDir).release();
});

test.each([
  ['of a process that is gone', { pid: 2_147_480_000 }],
  ['of a process that has taken its number', { pid: process.pid }],
  ['that says nothing', {}],
])('a note %s, left by a kill, does not hold it', (_what, note) => {
  acquireLock(dataDir).release();
  writeFileSync(join(dataDir, 'lock.json'), JSON.stringify(note));
  expect(isHeld(dataDir)).toBe(false);
});

test('what is not held stands still, and is found as such', () => {
  expect(RUN_STATUSES.map((status) => standing(status, true))).toEqual(RUN_STATUSES);
  expect(RUN_STATUSES.map((status) => standing(status, false))).toEqual(['interrupted', 'interrupted', 'completed', 'failed', 'cancelled', 'interrupted', 'paused']);
  for (const shown of RUN_STATUSES) {
    for (const held of [true, false]) {
      const found = new Set(askedFor(shown, held));
      for (const status of RUN_STATUSES) expect(found.has(status), `${shown} ${status} ${held}`).toBe(standing(status, held) === shown);
    }
  }
});
