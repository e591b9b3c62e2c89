import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
};

/** Ids of the worker processes of studios that this test process has started. Linux alone lets everybody look. */
export function workerProcesses(): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(all.map((pid) => [pid, Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${String(pid)}/stat`))?.[1] ?? 0)]));
  const ours = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return all.filter((pid) => ours(pid) && read(`/proc/${String(pid)}/cmdline`).includes('worker.js'));
}
