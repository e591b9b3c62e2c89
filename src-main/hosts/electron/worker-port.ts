import { utilityProcess } from 'electron';
import { eachOf } from '../../dataplane/protocol.ts';
import type { FromWorker, ToWorker } from '../../dataplane/protocol.ts';
import { workerEnv } from '../../executor/worker-port.ts';
import type { SpawnWorker, WorkerPort } from '../../executor/worker-port.ts';

/** Workers as Electron's utility processes. `file` is the built worker, absolute. */
export function utilityWorkers(file: string): SpawnWorker {
  return () => startUtility(file);
}

function startUtility(file: string): WorkerPort {
  const child = utilityProcess.fork(file, [], { serviceName: 'Millrace worker', stdio: 'inherit', env: workerEnv(process.env) });
  const post = child.postMessage.bind(child);
  const onExit: ((how: string) => void)[] = [];
  const early: ToWorker[] = [];
  let state: 'starting' | 'up' | { readonly ended: string } = 'starting';
  child.on('spawn', () => {
    state = 'up';
    for (const message of early.splice(0)) post(message);
  });
  child.on('exit', (code) => {
    const ended = `exit code ${code}`;
    state = { ended };
    for (const listener of onExit) listener(ended);
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (state === 'starting') early.push(message);
      else if (state === 'up') post(message);
    },
    onMessage: (listener) => child.on('message', (said: FromWorker | readonly FromWorker[]) => eachOf(said, listener)),
    onExit: (listener) => {
      if (typeof state === 'object') listener(state.ended);
      else onExit.push(listener);
    },
    kill: () => {
      // Electron's own kill is a polite one, which a worker deep in a query does not hear.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
}
