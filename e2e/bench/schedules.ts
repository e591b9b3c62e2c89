import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { quantile } from './process.ts';
import type { Idle, Opening } from './schedules-host.ts';

const zone = { timeZone: 'Europe/Zurich' };
const A_FILE = 10;
const HOUR = 3_600_000;

/** Of every kind but those that would start something while one measures. */
function mixed(n: number): object {
  const kinds = [
    { kind: 'cron', expression: `${n % 60} ${n % 24} * * *`, ...zone },
    { kind: 'cron', expression: `${n % 60} 3 1-7 * MON`, ...zone, days: 'and', overlap: 'bufferOne' },
    { kind: 'interval', every: '7d', phase: `${n}s`, ...zone, jitterSeconds: 300 },
    { kind: 'interval', every: '30d', phase: `${n}m`, timeZone: 'America/Los_Angeles', misfire: 'all' },
    { kind: 'delay', every: '12h', ...zone },
    { kind: 'once', at: new Date(Date.now() + 24 * HOUR + n * 1000).toISOString() },
    { kind: 'cron', expression: '0 9 L * *', timeZone: 'Asia/Beirut' },
    { kind: 'manual' },
  ];
  return kinds[n % kinds.length] ?? {};
}

function writeFlow(folder: string, id: string, schedule: readonly object[] | null): void {
  const nodes = [
    { id: 'n', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 3, step: 1 } },
    { id: 'show', type: 'sink', nodeType: 'console.log', config: { limit: 0 } },
  ];
  writeFileSync(join(folder, `${id}.json`), JSON.stringify({ formatVersion: 1, id, name: id, nodes, edges: [{ id: 'e', source: 'n', target: 'show' }], metadata: schedule === null ? {} : { schedule: schedule.map((one, index) => ({ ...one, key: `k${index}` })) } }));
}

/** A data folder with so many schedules, ten a workflow, or the same workflows without any. */
function lay(folder: string, count: number, withSchedules: boolean): string {
  const dataDir = mkdtempSync(join(folder, 'schedules-'));
  mkdirSync(join(dataDir, 'workflows'));
  for (let file = 0; file < count / A_FILE; file += 1) writeFlow(join(dataDir, 'workflows'), `w${file}`, withSchedules ? Array.from({ length: A_FILE }, (_, n) => mixed(file * A_FILE + n)) : null);
  return dataDir;
}

interface Host {
  next<T>(): Promise<T>;
  ask<T>(line: string): Promise<T>;
  close(): Promise<void>;
}

function open(dataDir: string): Host {
  const child = spawn(process.execPath, ['--expose-gc', join(resolve(import.meta.dirname), 'schedules-host.js'), dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise((done) => {
    child.once('exit', done);
  });
  const next = async <T>(): Promise<T> => JSON.parse(String((await lines.next()).value)) as T;
  return {
    next,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async close() {
      child.stdin.write('close\n');
      await gone;
    },
  };
}

async function opening(dataDir: string): Promise<Opening> {
  const host = open(dataDir);
  const found = await host.next<Opening>();
  await host.close();
  return found;
}

export interface Late {
  readonly fires: number;
  readonly p50: number;
  readonly p99: number;
}
const lateOf = (all: readonly number[]): Late => ({ fires: all.length, p50: quantile(all, 0.5), p99: quantile(all, 0.99) });

export interface ScheduleFigures {
  readonly first: Opening;
  readonly again: Opening;
  readonly without: Opening;
  readonly wave: Late;
  readonly trickle: Late;
}

/** So many schedules against the same workflows without: opening, memory; and how late 200 that are due in one second, and a steady few, start among them. */
export async function benchSchedules(folder: string, count: number): Promise<ScheduleFigures> {
  const [dataDir, bare] = [lay(folder, count, true), lay(folder, count, false)];
  const first = await opening(dataDir);
  await opening(bare);
  const without = await opening(bare);
  const again = await opening(dataDir);
  const due = Math.ceil((Date.now() + Math.max(20_000, first.readyMs * 2 + again.readyMs * 2)) / 1000) * 1000;
  const flows = join(dataDir, 'workflows');
  for (let file = 0; file < 20; file += 1) writeFlow(flows, `wave${file}`, Array.from({ length: 10 }, () => ({ kind: 'once', at: new Date(due).toISOString(), overlap: 'allowAll' })));
  for (let file = 0; file < 5; file += 1) writeFlow(flows, `trickle${file}`, [{ kind: 'interval', every: '2s', phase: `${file % 2}s`, ...zone, overlap: 'allowAll', startAt: new Date(due + 15_000).toISOString() }]);
  const host = open(dataDir);
  await host.next<Opening>();
  const fires = await host.ask<readonly { readonly id: string; readonly ms: number }[]>(`late ${Math.ceil((due - Date.now()) / 1000) + 45}`);
  await host.close();
  for (const one of [dataDir, bare]) rmSync(one, { recursive: true, force: true });
  const of = (name: string): Late => lateOf(fires.filter(({ id }) => id.startsWith(name)).map(({ ms }) => ms));
  return { first, again, without, wave: of('wave'), trickle: of('trickle') };
}

/** What a studio that has nothing to do takes of one core, in per cent, with so many schedules and without. */
export async function benchIdle(folder: string, count: number, seconds: number): Promise<{ readonly withSchedules: number; readonly without: number }> {
  const found: number[] = [];
  for (const withSchedules of [true, false]) {
    const dataDir = lay(folder, count, withSchedules);
    const host = open(dataDir);
    await host.next<Opening>();
    // What opening leaves behind is over by then.
    await host.ask<Idle>('idle 15');
    found.push((await host.ask<Idle>(`idle ${seconds}`)).cpu);
    await host.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return { withSchedules: found[0] ?? Number.NaN, without: found[1] ?? Number.NaN };
}
