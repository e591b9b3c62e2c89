import type { FromWorker, ToWorker } from '../dataplane/protocol.ts';

/**
 * One worker process as the executor sees it, whatever started it: `child_process.fork` here, `utilityProcess` under Electron.
 * Messages arrive in the order they were sent. A port is used by one owner; listeners are set once, before the first message.
 */
export interface WorkerPort {
  /** Undefined until the process exists, and where the host does not tell. */
  readonly pid: number | undefined;
  /** Never throws: a message to a process that has gone is dropped, and `onExit` tells of it. */
  send(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called exactly once, with a few words on how it ended ("exit code 1", "signal SIGKILL"). Also when it could not be started. */
  onExit(listener: (how: string) => void): void;
  /** At once and for good (SIGKILL where there is one). */
  kill(): void;
}

/** How a host starts one. It returns at once; what is sent before the process is up is delivered when it is. */
export type SpawnWorker = () => WorkerPort;

/**
 * A worker's environment: ours without the key that opens secrets, of which a worker gets those that it asks for; and with one arena, as glibc's
 * allocator otherwise keeps one for each of DuckDB's threads, and what they free in one is of no use to another.
 */
export const workerEnv = ({ MILLRACE_KEY: _key, MILLRACE_KEY_FILE: _file, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, MALLOC_ARENA_MAX: '2' });
