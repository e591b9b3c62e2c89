import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FireOrders } from './fires-host.ts';

/** What the processes of one data folder have acknowledged, over all their lives. */
export interface FireLedger {
  /** Ids of events by position. */
  readonly events: Map<number, string>;
  said: number;
}

export interface FireFolder {
  readonly folder: string;
  readonly dataDir: string;
  /** The workflows' own. */
  readonly flows: string;
  readonly ledger: FireLedger;
}

/** A data folder with one workflow file for each of the schedules, by the workflow's id; their runs are as small as runs are. */
export function newFireFolder(schedules: Readonly<Record<string, object>>): FireFolder {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-fires-'));
  const [dataDir, flows] = [join(folder, 'data'), join(folder, 'data', 'workflows')];
  mkdirSync(flows, { recursive: true });
  for (const [id, schedule] of Object.entries(schedules)) saveFlow(flows, id, schedule);
  return { folder, dataDir, flows, ledger: { events: new Map(), said: 0 } };
}

function saveFlow(flows: string, id: string, schedule: object): void {
  const nodes = [
    { id: 'n', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 3, step: 1 } },
    { id: 'show', type: 'sink', nodeType: 'console.log', config: { limit: 0 } },
  ];
  writeFileSync(join(flows, `${id}.json`), JSON.stringify({ formatVersion: 1, id, name: id, nodes, edges: [{ id: 'e', source: 'n', target: 'show' }], metadata: { schedule } }));
}

/** One life of the studio. */
export interface FireLife {
  readonly child: ChildProcess;
  /** Resolves when it has said so, or has ended. */
  readonly opened: Promise<void>;
  /** Resolves when it has acknowledged so many fires, or has ended. */
  fires(count: number): Promise<void>;
  tell(word: 'finish' | 'leave'): void;
  /** Why it has gone: an exit code, a signal. */
  readonly gone: Promise<number | string>;
  readonly stderr: readonly string[];
}

export function startFireLife(built: string, { dataDir, ledger }: FireFolder, preload?: { readonly file: string; readonly env: Readonly<Record<string, string>> }): FireLife {
  const orders: FireOrders = { dataDir, said: ledger.said };
  const env = { ...process.env, NODE_COMPILE_CACHE: join(built, 'compile-cache'), ...preload?.env };
  const child = spawn(process.execPath, [...(preload === undefined ? [] : ['--import', preload.file]), join(built, 'fires-host.js'), JSON.stringify(orders)], { stdio: ['pipe', 'pipe', 'pipe'], env });
  const stderr: string[] = [];
  const opened = Promise.withResolvers<void>();
  let heard = Promise.withResolvers<void>();
  let [fired, ended] = [0, false];
  const wake = (): void => {
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const lines = createInterface({ input: child.stdout });
  const said = new Promise<void>((resolve) => {
    lines.once('close', resolve);
  });
  lines.on('line', (line) => {
    const [word, position, id = '', type] = line.split(' ');
    if (word === 'open') opened.resolve();
    if (word !== 'e') return;
    // What it repeats of an earlier life it has not done itself.
    if (type === 'ScheduleFired') fired += 1;
    ledger.events.set(Number(position), id);
    ledger.said = Math.max(ledger.said, Number(position));
    wake();
  });
  child.stderr.on('data', (data: Buffer) => stderr.push(data.toString('utf8')));
  child.stdin.on('error', () => undefined);
  const exit = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 'nothing'));
  });
  const gone = Promise.all([exit, said]).then(([how]) => {
    ended = true;
    opened.resolve();
    wake();
    return how;
  });
  return {
    child,
    stderr,
    gone,
    opened: opened.promise,
    async fires(count) {
      const goal = fired + count;
      const isEnough = (): boolean => ended || fired >= goal;
      while (!isEnough()) await heard.promise;
    },
    tell: (word) => void child.stdin.write(`${word}\n`),
  };
}
