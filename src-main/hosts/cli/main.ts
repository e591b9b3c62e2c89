import { spawn as startProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The command line's door. It imports nothing by name that an older Node lacks: a Node that is too old hands over to the one that is
 * installed beside Millrace, or gets one clear sentence. What runs something starts its worker process before anything else is even loaded.
 */
const OLDEST = 22;
/** Verbs that want a worker as soon as there is one. */
const STARTING: ReadonlySet<string> = new Set(['run', 'resume', 'answer', 'rerun', 'fork']);
const here = dirname(fileURLToPath(import.meta.url));

/** The Node of the devDependency `node`, looked for upwards from this file. */
function nodeBeside(): string | null {
  for (let folder = here; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(found)) return found;
    if (dirname(folder) === folder) return null;
  }
}

/** `npm run millrace` works from any folder of the person's: npm moves to Millrace's own and keeps in INIT_CWD where they were. */
function goWhereAsked(): void {
  const asked = process.env['INIT_CWD'];
  if (process.env['npm_lifecycle_event'] !== 'millrace' || asked === undefined || !existsSync(asked)) return;
  process.chdir(asked);
}

async function main(): Promise<void> {
  goWhereAsked();
  if (Number(process.versions.node.split('.')[0]) < OLDEST) {
    const newer = process.env['MILLRACE_REEXEC'] === undefined ? nodeBeside() : null;
    if (newer === null) {
      process.stderr.write(`Millrace needs Node ${OLDEST} or newer, and this is ${process.version}. Install it from nodejs.org, or run npm ci in Millrace's folder.\n`);
      process.exitCode = 2;
      return;
    }
    const child = startProcess(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, MILLRACE_REEXEC: '1' } });
    // The one that runs decides how it ends, and its exit code is ours. Ctrl+C reaches it by itself too; that counts once.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal));
    process.exitCode = await new Promise<number>((resolve) => {
      child.on('error', () => resolve(1)).on('exit', (code) => resolve(code ?? 1));
    });
    return;
  }
  module.enableCompileCache?.();
  const { forkWorkers } = await import('../../executor/fork.ts');
  const start = forkWorkers(workerFile());
  const early = STARTING.has(process.argv[2] ?? '') && !process.argv.includes('--help') ? start() : null;
  const { execute } = await import('./program.ts');
  process.exitCode = await execute(process.argv.slice(2), { spawn: firstThen(early, start), appDir: here });
  early?.kill();
}

/** worker.js stands beside this file in the build. */
const workerFile = (): string => join(here, 'worker.js');

/** The worker that is starting already is handed out first. */
function firstThen<T>(early: T | null, spawn: () => T): () => T {
  let waiting = early;
  return () => {
    const taken = waiting ?? spawn();
    waiting = null;
    return taken;
  };
}

await main();
