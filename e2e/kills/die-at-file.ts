/**
 * Loaded before host and workers: kills a worker, or the studio with it, at the nth thing that workers do to files under their final
 * names or to make them durable, before it or after it. Once: `DIE_ONCE` names the file that says that it was done.
 */
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env['DIE_AT']);
const before = process.env['DIE_SIDE'] === 'before';
const studioToo = process.env['DIE_WITH'] === 'studio';
const log = process.env['DIE_LOG'] ?? '';

/** One count over all workers: the lines of the log. */
function count(what: string): number {
  appendFileSync(log, `${what}\n`);
  return readFileSync(log, 'utf8').split('\n').length - 1;
}

function dieOnce(): void {
  try {
    closeSync(openSync(`${log}.done`, 'wx'));
  } catch {
    return;
  }
  if (studioToo) process.kill(process.ppid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
}

type Call = (this: unknown, ...values: readonly unknown[]) => unknown;

function watch(holder: Record<string, Call>, name: string): void {
  const original = holder[name] as Call;
  holder[name] = function watched(...values) {
    const own = count(`${name} ${typeof values[0] === 'string' ? values[0].replace(/^.*\//, '') : ''}`) === at;
    if (own && before) dieOnce();
    const result = original.apply(this, [...values]);
    if (!own) return result;
    if (result instanceof Promise) return result.then((value: unknown) => (dieOnce(), value));
    dieOnce();
    return result;
  };
}

// A worker is the process that has somebody to talk to.
if (process.send !== undefined) {
  for (const name of ['renameSync', 'fsyncSync', 'copyFileSync']) watch(fs as unknown as Record<string, Call>, name);
  for (const name of ['rename', 'copyFile']) watch(fs.promises as unknown as Record<string, Call>, name);
  const opened = await fs.promises.open(process.execPath);
  watch(Object.getPrototypeOf(opened) as Record<string, Call>, 'sync');
  await opened.close();
  syncBuiltinESMExports();
}
