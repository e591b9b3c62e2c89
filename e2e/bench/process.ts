import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** The highest sum seen of all its processes' proportional memory (shared pages counted once), in MB; Linux only, else 0. */
  readonly peakMb: number;
  readonly code: number | null;
  readonly stdout: string;
}

const children = (): Map<number, number[]> => {
  const map = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]);
      map.set(parent, [...(map.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  return map;
};

function treeMb(root: number): number {
  const map = children();
  const walk = (pid: number): number => {
    let kb = 0;
    try {
      kb = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
    return kb + (map.get(pid) ?? []).reduce((sum, child) => sum + walk(child), 0);
  };
  return walk(root) / 1024;
}

/** Seconds that the processors have spent on a process and those it has started and that still live; Linux only, else 0. */
export function cpuSeconds(root: number): number {
  if (process.platform !== 'linux') return 0;
  const map = children();
  const walk = (pid: number): number => {
    let ticks = 0;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended while we looked.
    }
    return ticks / 100 + (map.get(pid) ?? []).reduce((sum, child) => sum + walk(child), 0);
  };
  return walk(root);
}

/** Runs a command as a whole process tree and times it from spawn to exit. */
export function measure(command: string, args: readonly string[], options: { readonly memory?: boolean; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...options.env } });
    let peakMb = 0;
    const timer =
      options.memory === true && process.platform === 'linux' && child.pid !== undefined
        ? setInterval(() => {
            peakMb = Math.max(peakMb, treeMb(child.pid ?? 0));
          }, 40)
        : undefined;
    let stdout = '';
    child.stdout.on('data', (text) => {
      stdout += String(text);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - start) / 1000, peakMb, code, stdout });
    });
  });
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
