import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const top = mkdtempSync(join(tmpdir(), 'millrace-folder-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

test('makes what is missing and tells the topmost it made', () => {
  expect(makeFolder(join(top, 'a', 'b', 'c'))).toBe(join(top, 'a'));
  expect(statSync(join(top, 'a', 'b', 'c')).isDirectory()).toBe(true);
  expect(makeFolder(join(top, 'a', 'b'))).toBeUndefined();
});

test('a file in the way, or a link to nowhere, is the system’s error', () => {
  writeFileSync(join(top, 'file'), '');
  symlinkSync(join(top, 'nowhere'), join(top, 'link'));
  expect(() => makeFolder(join(top, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(top, 'file', 'below'))).toThrow(/EEXIST|ENOTDIR/);
  expect(() => makeFolder(join(top, 'link'))).toThrow(/EEXIST/);
});

test.runIf(process.platform === 'linux')('a folder that the system will not make ends at once', () => {
  expect(() => makeFolder('/proc/nothing/here')).toThrow(/ENOENT|EACCES|EPERM/);
});
