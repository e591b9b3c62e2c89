import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server process on loopback, started by a test and ended by it. */
export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Its own folder, removed by `stop`. */
  readonly folder: string;
  /** All it has printed so far. */
  readonly output: () => string;
  /** SIGKILL, at once; the folder stays. Resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP and SIGCONT: a server that has stopped answering. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Ends it (SIGTERM, after five seconds SIGKILL) and removes its folder. */
  readonly stop: () => Promise<void>;
}

export interface ServerPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly folder: string;
  /** Some servers refuse to run as root: the system's user for them. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Asked every 50 ms until it says true; 30 seconds at most. */
  readonly ready: (output: string) => boolean | Promise<boolean>;
}

/** A program's path: in PATH, or where Debian puts servers; null where it is not installed. `folders` may hold `*` for one level. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const all = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/lib/postgresql/*/bin', ...folders].flatMap((folder) => {
    const [before, after] = folder.split('/*/');
    if (after === undefined || before === undefined || !existsSync(before)) return [folder];
    return readdirSync(before).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((one) => join(before, one, after));
  });
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** A port that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Who a server runs as: the system's user for it where we are root, else ourselves. */
export function identityOf(user: string | undefined): Identity {
  if (user === undefined || process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/** A fresh folder for a server, its user's own. */
export function serverFolder(name: string, user?: string): string {
  const folder = mkdtempSync(join(tmpdir(), `millrace-${name}-`));
  const { uid, gid } = identityOf(user);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
/** What is still running when the tests end, however they end, is ended with them. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
});

/** Starts a server and waits until it answers. Throws with what it printed where it ends before, or never answers. */
export async function startServer({ command, args, port, folder, user, env, ready }: ServerPlan): Promise<Server> {
  let output = '';
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, ...identityOf(user) });
  const keep = (text: Buffer): void => void (output = (output + text.toString('utf8')).slice(-200_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const pid = child.pid ?? -1;
  running.add(pid);
  let ended = false;
  const over = (): void => {
    ended = true;
    running.delete(pid);
    resolve();
  };
  child.once('error', (error) => {
    output += String(error);
    over();
  });
  child.once('exit', over);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!ended) child.kill(signal);
    if (signal !== 'SIGKILL') {
      await Promise.race([gone, pause(5000)]);
      if (!ended) child.kill('SIGKILL');
    }
    await gone;
  };
  const until = performance.now() + 30_000;
  while (!(await ready(output))) {
    if (ended || performance.now() > until) {
      await end('SIGKILL');
      throw new Error(`${command} ${ended ? 'ended' : 'did not answer within 30 seconds'}. It printed:\n${output}`);
    }
    await pause(50);
  }
  return {
    port, pid, folder,
    output: () => output,
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
