import { fork } from 'node:child_process';
import module from 'node:module';
import { dirname } from 'node:path';
import { eachOf } from '../dataplane/protocol.ts';
import type { FromWorker, ToWorker } from '../dataplane/protocol.ts';
import { OVER_CEILING, watchCeiling } from './ceiling.ts';
import { workerEnv } from './worker-port.ts';
import type { SpawnWorker, WorkerPort } from './worker-port.ts';

/** Workers as plain Node processes: for the command line, the server and tests. `file` is the built worker, absolute. */
export function forkWorkers(file: string): SpawnWorker {
  return () => startFork(file);
}

/** Where this process keeps compiled code, if it does, there its workers do too: it takes a sixth off their start. */
function compileCache(): { readonly NODE_COMPILE_CACHE?: string } {
  const folder = module.getCompileCacheDir?.();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

function startFork(file: string): WorkerPort {
  // The worker's own output goes to our stderr, never to stdout: `--json` must stay one object.
  const child = fork(file, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'], execArgv: [], env: { ...workerEnv(process.env), ...compileCache() } });
  let waiting: ToWorker[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0 && child.connected) child.send(batch, () => undefined);
  };
  const onExit: ((how: string) => void)[] = [];
  let ended: string | null = null;
  const end = (how: string): void => {
    if (ended !== null) return;
    ended = how;
    for (const listener of onExit) listener(how);
  };
  let limitMb = 0;
  let isOver = false;
  const unwatch = watchCeiling(child.pid ?? 0, () => limitMb, () => {
    isOver = true;
    child.kill('SIGKILL');
  });
  child.on('exit', (code, signal) => {
    unwatch();
    end(isOver ? OVER_CEILING : signal === null ? `exit code ${code}` : `signal ${signal}`);
  });
  child.on('error', (error) => {
    // A failed send also lands here; only a process that never was has no pid.
    if (child.pid === undefined) end(error.message);
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (message.kind === 'open') limitMb = message.job.memoryLimitMb;
      else if (message.kind === 'ask') ({ memoryLimitMb: limitMb } = message);
      if (waiting.push(message) === 1) process.nextTick(flush);
      // Work is not to wait until we are done here.
      if (message.kind === 'segment') flush();
    },
    onMessage: (listener) => child.on('message', (said) => eachOf(said as FromWorker | readonly FromWorker[], listener)),
    onExit: (listener) => {
      if (ended === null) onExit.push(listener);
      else listener(ended);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
