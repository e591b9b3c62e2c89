import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from './lock.ts';
import { ended, startProcess } from './process.testing.ts';
import { temporaryFolder } from './temporary.testing.ts';

const conflict = (pid: number | undefined) => expect.objectContaining({ code: 'conflict', message: expect.stringContaining(`process ${pid}`) as string });

describe('the lock of a data folder', () => {
  it('refuses a second studio, naming the process that has it, and lets it in after that one was killed', async () => {
    const folder = temporaryFolder();
    const { child } = await startProcess('lock', folder);
    expect(() => acquireLock(folder)).toThrow(conflict(child.pid));
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(join(folder, 'lock.json'))).toBe(true);
    const lock = acquireLock(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toEqual({ pid: process.pid });
    lock.release();
  });

  it('refuses a second studio of the same process, and is free again once it was let go', () => {
    const folder = join(temporaryFolder(), 'not', 'made', 'yet');
    const lock = acquireLock(folder);
    expect(() => acquireLock(folder)).toThrow(conflict(process.pid));
    expect(() => acquireLock(folder)).toThrow(conflict(process.pid));
    lock.release();
    lock.release();
    acquireLock(folder).release();
  });

  it('says so when the folder cannot be made, or the file is somebody else’s', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => acquireLock(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'io' }));
    writeFileSync(join(folder, 'lock'), 'not a database, and longer than the header of one would be '.repeat(9));
    expect(() => acquireLock(folder)).toThrow(expect.objectContaining({ code: 'io' }));
  });

  it('says at once why a data folder can’t be made', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => acquireLock(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'io', message: expect.stringContaining('a file of that name') as string }));
    expect(() => acquireLock(join(folder, 'file', 'below'))).toThrow(expect.objectContaining({ code: 'io', remedy: expect.stringContaining('--data-dir') as string }));
  });
});
