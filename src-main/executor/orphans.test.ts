import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endOrphans, noteWorkers } from './orphans.ts';
import type { WorkerPort } from './worker-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-orphans-'));
const file = join(folder, 'workers.json');
const started: ChildProcess[] = [];
beforeEach(() => void mkdirSync(folder, { recursive: true }));
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function sleeper(): WorkerPort & { readonly child: ChildProcess; readonly gone: Promise<unknown> } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  started.push(child);
  return { child, gone: once(child, 'exit'), pid: child.pid, send: () => undefined, onMessage: () => undefined, onExit: (listener) => child.on('exit', () => listener('gone')), kill: () => child.kill() };
}

/** As one was noted whose number and count a process has again, after the system was started anew. */
function sameCount(one: WorkerPort): object {
  const aside = join(folder, 'aside.json');
  noteWorkers(() => one, aside)();
  const [noted] = JSON.parse(readFileSync(aside, 'utf8')) as [{ readonly started: string }];
  const [count] = noted.started.split(' ');
  return { ...noted, started: `${count} 00000000-0000-0000-0000-000000000000` };
}

test('workers that outlived their studio are ended before the next one goes on; other processes are not', async () => {
  const [orphan, other, later] = [sleeper(), sleeper(), sleeper()];
  noteWorkers(() => orphan, file)();
  const notes = JSON.parse(readFileSync(file, 'utf8')) as object[];
  expect(notes).toMatchObject([{ pid: orphan.pid }]);
  // A number that another process has by now, as its start tells.
  if (existsSync('/proc')) writeFileSync(file, JSON.stringify([...notes, { pid: later.pid, started: '1' }, sameCount(other), { pid: 'x' }, {}]));
  if (existsSync('/proc')) {
    await endOrphans(file);
    await orphan.gone;
    expect(orphan.child.signalCode).toBe('SIGKILL');
  }
  for (const one of [other, later]) expect([one.child.exitCode, one.child.signalCode]).toEqual([null, null]);
});

test('a worker that has ended is noted no more; what is not a note is passed over', async () => {
  const worker = sleeper();
  noteWorkers(() => worker, file)();
  worker.kill();
  await worker.gone;
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
  writeFileSync(file, '[{"pid":');
  await endOrphans(file);
  await endOrphans(join(folder, 'none.json'));
});
