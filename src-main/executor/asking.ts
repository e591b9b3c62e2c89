import { fromErrorInfo, StudioError } from '#shared/errors';
import type { Answers, Question, TextsQuestion } from '../dataplane/protocol.ts';
import type { SpawnWorker, WorkerPort } from './worker-port.ts';

/** Questions about graphs that are not running, put to a worker of their own, so that a long run does not hold the window up. */
export interface Asking {
  ask<K extends keyof Answers>(question: (Question | TextsQuestion) & { readonly kind: K }): Promise<Answers[K]>;
  pids(): readonly number[];
  close(): Promise<void>;
}

interface Open {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StudioError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Looking at first rows takes milliseconds; what takes this long never comes, and whoever asked has gone on. */
const PATIENCE_MS = 30_000;

/** The worker is started at the first question and again after it was lost. */
export function createAsking(spawn: SpawnWorker, job: { readonly memoryLimitMb: () => number; readonly scratch: string }): Asking {
  const open = new Map<number, Open>();
  let worker: { readonly port: WorkerPort; readonly gone: Promise<void> } | null = null;
  let last = 0;

  const settle = (id: number): Open | undefined => {
    const one = open.get(id);
    clearTimeout(one?.timer);
    open.delete(id);
    return one;
  };

  const start = (): { readonly port: WorkerPort; readonly gone: Promise<void> } => {
    const port = spawn();
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    port.onMessage((message) => {
      if (message.kind !== 'answer') return;
      const one = settle(message.id);
      if (message.ok) one?.resolve(message.value);
      else one?.reject(fromErrorInfo(message.error));
    });
    port.onExit((how) => {
      worker = null;
      for (const id of open.keys()) settle(id)?.reject(new StudioError('worker_lost', `The process that looks at rows ended (${how}).`, { remedy: 'Try again.' }));
      resolve();
    });
    return { port, gone };
  };

  return {
    ask<K extends keyof Answers>(question: (Question | TextsQuestion) & { readonly kind: K }) {
      const { port } = (worker ??= start());
      const id = (last += 1);
      return new Promise<Answers[K]>((resolve, reject) => {
        const timer = setTimeout(() => {
          settle(id)?.reject(new StudioError('timeout', `Looking took longer than ${PATIENCE_MS / 1000} seconds.`, { remedy: 'Try it on fewer rows.' }));
          port.kill();
        }, PATIENCE_MS);
        open.set(id, { resolve: (value) => resolve(value as Answers[K]), reject, timer });
        port.send({ kind: 'ask', id, question, scratch: job.scratch, memoryLimitMb: job.memoryLimitMb() });
      });
    },
    pids: () => (worker?.port.pid === undefined ? [] : [worker.port.pid]),
    async close() {
      worker?.port.kill();
      await worker?.gone;
    },
  };
}
