import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startOf } from '../alive.ts';
import { lockAppends } from './append-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});
const path = join(folder, 'out.csv');
const patience = (more: object = {}) => ({ signal: new AbortController().signal, tell: () => undefined, ...more });

/** A process that adds lines to the file, each time reading all of it and writing it anew: what the lock is for. */
const ADDS = `
import { readFileSync, writeFileSync } from 'node:fs';
const { lockAppends } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'append-lock.ts')).href)});
const path = process.argv[1];
for (let n = 0; n < 40; n += 1) {
  const unlock = await lockAppends(path, { signal: new AbortController().signal, tell() {} });
  const before = readFileSync(path, 'utf8');
  await new Promise((next) => setImmediate(next));
  writeFileSync(path, before + process.pid + ' ' + n + '\\n');
  unlock();
}
if (process.argv[2] === 'dies') {
  await lockAppends(path, { signal: new AbortController().signal, tell() {} });
  process.stdout.write('held');
  setInterval(() => {}, 1000);
}
`;
const adder = (...more: readonly string[]) => spawn(process.execPath, ['--input-type=module', '-e', ADDS, path, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });

test('processes that add to one file at the same time lose nothing', async () => {
  writeFileSync(path, '');
  const processes = Array.from({ length: 4 }, () => adder());
  expect(await Promise.all(processes.map(async (one) => (await once(one, 'exit'))[0] as unknown))).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect([lines.length, new Set(lines).size]).toEqual([160, 160]);
  expect(readdirSync(folder)).toEqual(['out.csv']);
});

test('who has to wait is told once of whom, and a lock dies with its process', async () => {
  writeFileSync(path, '');
  const holder = adder('dies');
  await once(holder.stdout, 'data');
  const told: number[] = [];
  const ended = once(holder, 'exit');
  const locked = lockAppends(path, patience({ longMs: 0, respectMs: 0, tell: (pid: number) => { told.push(pid); holder.kill('SIGKILL'); } }));
  (await locked)();
  await ended;
  expect(told).toEqual([holder.pid]);
  expect(readdirSync(folder)).toEqual(['out.csv']);
});

test('the lock of a process that has just died counts until its studio has looked', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const left = join(folder, `.out.csv.${gone}.77.lock`);
  writeFileSync(left, '');
  // Nobody looks for an hour; then somebody does, and removes what was left.
  const unlock = await lockAppends(path, patience({ longMs: 0, respectMs: 3_600_000, tell: () => rmSync(left) }));
  expect(readdirSync(folder)).toHaveLength(1);
  unlock();
});

test('another process of the same number, and an earlier one of the same number and start, hold nothing', async () => {
  writeFileSync(join(folder, `.out.csv.${process.pid}.1.lock`), '');
  writeFileSync(join(folder, `.out.csv.${process.pid}.${startOf(process.pid)}.lock`), '');
  (await lockAppends(path, patience({ respectMs: 0 })))();
  expect(readdirSync(folder)).toEqual([]);
});

test('one process has a file once; another file is another lock; a cancel ends the wait', async () => {
  const unlock = await lockAppends(path, patience());
  (await lockAppends(join(folder, 'csv'), patience()))();
  (await lockAppends(join(folder, 'x.out.csv'), patience()))();
  const cancel = new AbortController();
  await expect(lockAppends(path, patience({ signal: cancel.signal, longMs: 0, tell: () => cancel.abort(new Error('cancelled')) }))).rejects.toThrow('cancelled');
  const order: string[] = [];
  const next = lockAppends(path, patience({ longMs: 0, tell: () => { order.push('waits'); unlock(); } }));
  (await next)();
  expect(order).toEqual(['waits']);
  appendFileSync(path, '');
  expect(readdirSync(folder)).toEqual(['out.csv']);
});
