import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Orders } from './host.ts';

/** What a studio process has said, over all its lives. */
export interface Ledger {
  /** Numbers of jobs that were asked for, and of those the runs that were acknowledged. */
  readonly asked: Set<number>;
  readonly runs: Map<number, string>;
  /** Ids of acknowledged events by their position. */
  readonly events: Map<number, string>;
  readonly ended: Map<number, string>;
  readonly paused: Map<number, string>;
  next: number;
  said: number;
}

export const newLedger = (): Ledger => ({ asked: new Set(), runs: new Map(), events: new Map(), ended: new Map(), paused: new Map(), next: 0, said: 0 });

/** What a studio is at: it opens until it has said that it is open, and closes from when it says so. */
export type Phase = 'opening' | 'working' | 'closing';

/** One life of a studio. */
export interface Life {
  readonly child: ChildProcess;
  readonly workers: Set<number>;
  /** Workers that were killed, and of whose end the studio has not told yet. */
  readonly dying: Set<number>;
  /** Interruptions in vain that a run would have if it were killed now; what is dying may have been its. */
  risk(): number;
  phase(): Phase;
  /** Resolves when it has said the word, or has ended. */
  heard(word: 'open' | 'closing'): Promise<void>;
  /** Resolves when what it says changes `risk`, or when it ends. */
  nextRisk(): Promise<void>;
  /** Attempts of nodes that it has begun. */
  starts(): number;
  /** Resolves when it has acknowledged some event, or has ended. */
  nextEvent(): Promise<void>;
  /** Why it has gone: an exit code, a signal. */
  readonly gone: Promise<number | string>;
  isGone(): boolean;
  /** When it last said something, on this process's clock. */
  heardAt(): number;
  readonly stderr: readonly string[];
}

/** Starts the studio on the orders, and writes down in the ledger what it says. `preload`: a module that its processes load first. */
export function startLife(built: string, orders: Omit<Orders, 'next' | 'said'>, ledger: Ledger, risk: number, preload?: { readonly file: string; readonly env: Readonly<Record<string, string>> }): Life {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(built, 'compile-cache'), ...preload?.env };
  const child = spawn(process.execPath, [...(preload === undefined ? [] : ['--import', preload.file]), join(built, 'host.js'), JSON.stringify({ ...orders, next: ledger.next, said: ledger.said })], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const workers = new Set<number>();
  const dying = new Set<number>();
  const stderr: string[] = [];
  const waiting = { open: Promise.withResolvers<void>(), closing: Promise.withResolvers<void>() };
  let changed = Promise.withResolvers<void>();
  let eventHeard = Promise.withResolvers<void>();
  let starts = 0;
  let phase: Phase = 'opening';
  let now = risk;
  let ended = false;
  let heardAt = performance.now();
  const wake = (): void => {
    eventHeard.resolve();
    eventHeard = Promise.withResolvers();
  };
  const setRisk = (value: number): void => {
    now = value;
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const words: Readonly<Record<string, (rest: readonly string[]) => void>> = {
    worker: ([pid]) => void workers.add(Number(pid)),
    open: ([, value]) => {
      phase = 'working';
      setRisk(Number(value));
      waiting.open.resolve();
    },
    ask: ([k]) => {
      ledger.asked.add(Number(k));
      ledger.next = Number(k) + 1;
    },
    run: ([k, id = '']) => {
      ledger.runs.set(Number(k), id);
      wake();
    },
    e: ([position, id = '']) => {
      ledger.events.set(Number(position), id);
      ledger.said = Math.max(ledger.said, Number(position));
      wake();
    },
    start: () => {
      starts += 1;
      wake();
    },
    risk: ([value]) => setRisk(Number(value)),
    lost: ([pid]) => {
      workers.delete(Number(pid));
      if (dying.delete(Number(pid))) setRisk(now);
    },
    end: ([k, status = '']) => {
      ledger.ended.set(Number(k), status);
      wake();
    },
    paused: ([k, ...question]) => {
      ledger.paused.set(Number(k), question.join(' '));
      wake();
    },
    closing: () => {
      phase = 'closing';
      waiting.closing.resolve();
    },
  };
  const lines = createInterface({ input: child.stdout });
  const said = new Promise<void>((resolve) => {
    lines.once('close', resolve);
  });
  lines.on('line', (line) => {
    heardAt = performance.now();
    const [word = '', ...rest] = line.split(' ');
    words[word]?.(rest);
  });
  child.stderr.on('data', (data: Buffer) => stderr.push(data.toString('utf8')));
  const exit = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 'nothing'));
  });
  // Everything it had said is read first.
  const gone = Promise.all([exit, said]).then(([how]) => {
    ended = true;
    waiting.open.resolve();
    waiting.closing.resolve();
    changed.resolve();
    eventHeard.resolve();
    return how;
  });
  return { child, workers, dying, stderr, gone, risk: () => now + dying.size, phase: () => phase, heard: (word) => waiting[word].promise, nextRisk: () => changed.promise, starts: () => starts, nextEvent: () => eventHeard.promise, isGone: () => ended, heardAt: () => heardAt };
}

export const killNow = (pid: number | undefined): boolean => {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
};
