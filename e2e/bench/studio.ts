import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { check } from '#shared/workflow/check';
import type { Workflow } from '#shared/workflow/workflow';
import { forkWorkers } from '../../src-main/executor/fork.ts';
import { createStudio } from '../../src-main/studio.ts';
import type { Studio } from '../../src-main/studio-types.ts';
import { cpuSeconds, quantile } from './process.ts';
import { statement, workflow } from './statements.ts';

/** A warm studio in a folder of its own, with real worker processes. */
export async function withStudio<T>(folder: string, work: (studio: Studio) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(folder, 'studio-'));
  const studio = await createStudio({ dataDir, host: 'cli', version: 'bench', spawn: forkWorkers(resolve(import.meta.dirname, '../main/worker.js')) });
  try {
    return await work(studio);
  } finally {
    await studio.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export function parse(studio: Studio, value: object): Workflow {
  const { workflow: parsed, problems } = check(value, studio.specs);
  if (parsed === null) throw new Error(JSON.stringify(problems));
  return parsed;
}

/** One listener for all: a thousand would be a load of their own. What has ended before anybody asked is kept. */
function createEnds(studio: Studio): (run: string) => Promise<string> {
  const ended = new Map<string, string>();
  const waiting = new Map<string, (type: string) => void>();
  studio.journal.subscribe((events) => {
    for (const event of events) {
      if (!/^Workflow(Completed|Failed|Cancelled)$/.test(event.type)) continue;
      const tell = waiting.get(event.stream);
      waiting.delete(event.stream);
      if (tell === undefined) ended.set(event.stream, event.type);
      else tell(event.type);
    }
  });
  return (run) => {
    const known = ended.get(`run-${run}`);
    ended.delete(`run-${run}`);
    return known === undefined ? new Promise((done) => waiting.set(`run-${run}`, done)) : Promise.resolve(known);
  };
}

/** From the request to the terminal event in the journal, in milliseconds. */
async function once(studio: Studio, ended: ReturnType<typeof createEnds>, folder: string, what: Workflow): Promise<number> {
  const start = performance.now();
  const run = await studio.executor.start({ workflow: what, file: null, folder, trigger: { kind: 'api' }, scope: { kind: 'all' } });
  const type = await ended(run);
  if (type !== 'WorkflowCompleted') throw new Error(`A bench run ended with ${type}`);
  return performance.now() - start;
}

/** The same statement alone, on a warm connection. */
async function bareWarm(input: string, output: string, runs: number): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const start = performance.now();
    await connection.run(statement.W3(input, output));
    times.push(performance.now() - start);
  }
  connection.closeSync();
  instance.closeSync();
  return quantile(times, 0.5);
}

export interface WarmFigures {
  readonly p50: number;
  readonly p99: number;
  /** Of the statement alone: no studio, no journal, no other process. */
  readonly bareP50: number;
}

/** 100 rows, file → filter → map → file, in a warm studio, one run after the other. */
export function benchWarm(folder: string, runs: number): Promise<WarmFigures> {
  return withStudio(folder, async (studio) => {
    const input = join(folder, 'input-100.csv');
    const rows = Array.from({ length: 100 }, (_, index) => `${index},2024-01-01 00:00:00,cat${index % 20},${index * 10},note ${index}`);
    writeFileSync(input, `id,ts,category,amount,note\n${rows.join('\n')}\n`);
    const what = parse(studio, workflow('W3', input, join(folder, 'output-100.csv')));
    const times: number[] = [];
    const ended = createEnds(studio);
    for (let index = 0; index < runs + 20; index += 1) {
      const ms = await once(studio, ended, folder, what);
      if (index >= 20) times.push(ms);
    }
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), bareP50: await bareWarm(input, join(folder, 'bare-100.csv'), runs) };
  });
}

const step = (id: string, type: string, nodeType: string, config: object): object => ({ id, type, nodeType, config });

function tenNodes(): object {
  const nodes = [
    step('n0', 'source', 'sequence.numbers', { start: 1, end: 100, step: 1 }),
    ...Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0
        ? step(`n${index + 1}`, 'transform', 'filter.condition', { condition: `value > ${index}` })
        : step(`n${index + 1}`, 'transform', 'map.transform', { expression: 'value + 1' }),
    ),
    step('n9', 'sink', 'console.log', { limit: 1 }),
  ];
  const edges = nodes.slice(1).map((_, index) => ({ id: `e${index}`, source: `n${index}`, target: `n${index + 1}` }));
  return { formatVersion: 1, id: 'bench-ten', name: 'Ten nodes', nodes, edges };
}

export interface ManyFigures {
  readonly runsPerSecond: number;
  /** Of all processes together; of the main one alone. What a busy machine does not change. */
  readonly cpuMsPerRun: number;
  readonly mainCpuMsPerRun: number;
  readonly events: number;
  readonly eventsPerRun: number;
  /** Of a call of the window's (a page of the run list) made every 20 ms meanwhile. */
  readonly callP99: number;
  readonly callMax: number;
}

/** Many runs of a ten-node workflow, asked for as fast as the studio takes them, every event journalled. */
export function benchMany(folder: string, runs: number): Promise<ManyFigures> {
  return withStudio(folder, async (studio) => {
    mkdirSync(folder, { recursive: true });
    const what = parse(studio, tenNodes());
    const ended = createEnds(studio);
    for (let index = 0; index < 20; index += 1) await once(studio, ended, folder, what);
    const before = studio.journal.stats().events;
    const calls: number[] = [];
    let due = performance.now() + 20;
    const timer = setInterval(() => {
      // What a window waits: how late the main process came to the call, and the call.
      const asked = Math.min(due, performance.now());
      studio.journal.runs({}, 0, 100);
      calls.push(performance.now() - asked);
      due = performance.now() + 20;
    }, 20);
    const spent = cpuSeconds(process.pid);
    const own = process.cpuUsage();
    const start = performance.now();
    await Promise.all(Array.from({ length: runs }, () => once(studio, ended, folder, what)));
    const seconds = (performance.now() - start) / 1000;
    clearInterval(timer);
    const cpuMsPerRun = ((cpuSeconds(process.pid) - spent) * 1000) / runs;
    const { user, system } = process.cpuUsage(own);
    const events = studio.journal.stats().events - before;
    return { runsPerSecond: runs / seconds, cpuMsPerRun, mainCpuMsPerRun: (user + system) / 1000 / runs, events, eventsPerRun: events / runs, callP99: quantile(calls, 0.99), callMax: Math.max(...calls) };
  });
}
