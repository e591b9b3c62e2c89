import { readFileSync } from 'node:fs';

/** Is there a process of this number? One that has ended and that nobody has asked about yet (a zombie) is gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return startOf(pid) !== null;
}

/** When a process was started, in the system's own count: with its number it names one process. `unknown` where the system does not say; null of a zombie. */
export function startOf(pid: number): string | null {
  try {
    // The name, in brackets, may hold anything: what follows it are the state and numbers.
    const [state = '', ...numbers] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /su, '').split(' ');
    return state === 'Z' || state === 'X' ? null : (numbers[18] ?? 'unknown');
  } catch {
    return 'unknown';
  }
}
