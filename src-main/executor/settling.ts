import { errorSentence } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import type { NodeId, RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { FromWorker } from '../dataplane/protocol.ts';
import type { Held } from '../engine/advance.ts';
import type { Command } from '../engine/command.ts';
import { unsettled } from '../engine/settle.ts';
import type { Stamp } from './facts.ts';
import type { Pages } from './pages.ts';
import type { Lease } from './pool.ts';

/** What nodes have asked to be done after a run's work: handed to its worker, each once while that worker lives. */
export interface Settling {
  start(command: Command & { readonly kind: 'Settle' }): void;
  heard(said: FromWorker & { readonly kind: 'settled' }): void;
  /** Is a worker at it? Then the run's work is done, and its time is up no more. */
  readonly going: () => boolean;
  /** Its worker is gone: the next one is told again. */
  forget(): void;
  /** To be called after each step: once the run has completed it says which nodes have asked in vain. */
  over(): void;
}

interface Parts {
  readonly id: RunId;
  readonly held: Held;
  readonly pages: Pages;
  readonly stamp: Stamp;
  readonly lease: () => Lease | null;
  readonly step: (facts: readonly NewEvent[], first?: (run: Run) => readonly Command[]) => void;
}

const IN_VAIN = 'What this node does after a run has not been done, because not all that follows it has run to its end: it gives the same rows again the next time.';

export function createSettling({ id, held, pages, stamp, lease, step }: Parts): Settling {
  const asked = new Set<NodeId>();
  return {
    start({ node, what }) {
      if (asked.has(node)) return;
      asked.add(node);
      lease()?.send({ kind: 'settle', runId: id, node, what });
    },
    heard({ node, error }) {
      // A run that was ended meanwhile has said its last word.
      if (held.run().status !== 'running' || !asked.delete(node)) return;
      if (error === null) return step([{ type: 'NodeSettled', data: { node }, ...stamp() }]);
      pages.log(held.run(), node, 'error', [errorSentence(error)], stamp().at);
      step([], () => [{ kind: 'Fail', error, node }]);
    },
    going: () => asked.size > 0,
    forget: () => asked.clear(),
    over() {
      if (held.run().status === 'completed') for (const node of unsettled(held.run())) pages.log(held.run(), node, 'warn', [IN_VAIN], stamp().at);
    },
  };
}
