import type { EffectProof } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { OpenRun } from './open-run.ts';
import type { StepCount } from './profile.ts';
import type { NodeResult, Send } from './protocol.ts';
import { throwIfCancelled } from './statements.ts';

/** Something about to be done outside that a repeat would do twice. */
export interface Intent {
  /** A sentence that says what would be done twice. */
  readonly what: string;
  readonly rows: number;
  readonly proof?: EffectProof;
  /** What the segment's nodes have counted, where that is known already. */
  readonly counts?: readonly NodeResult[];
  /** An effect announced before that has not happened and can't any more: this one takes its place. */
  readonly instead?: string | null;
}

/** The attempt at a segment that messages speak of. */
export interface Turn {
  readonly segment: string;
  readonly attempt: number;
  readonly send: Send;
  /** What its nodes have counted, from the counts of their steps. */
  readonly counted: (counts: readonly StepCount[]) => Promise<readonly NodeResult[]>;
}

/** Says what is about to happen outside, and returns its name when that is in the journal. Rejects with `cancelled` when the run is cancelled meanwhile. */
export async function intend(run: OpenRun, { segment, attempt, send }: Turn, node: NodeId, { what, rows, proof, counts, instead }: Intent): Promise<string> {
  throwIfCancelled(run);
  const effect = `${node}:${attempt}:${run.intents.next}`;
  run.intents.next += 1;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = (): void => reject(run.abort.signal.reason);
  run.intents.waiting.set(effect, resolve);
  run.abort.signal.addEventListener('abort', stop, { once: true });
  send({ kind: 'intend', runId: run.job.runId, segment, attempt, node, effect, what, rows, proof: proof ?? null, ...(counts === undefined ? {} : { counts }), ...(typeof instead === 'string' ? { instead } : {}) });
  try {
    await promise;
    return effect;
  } finally {
    run.intents.waiting.delete(effect);
    run.abort.signal.removeEventListener('abort', stop);
  }
}

/** The journal has it: whoever waits for that effect goes on. */
export function proceed(run: OpenRun, effect: string): void {
  run.intents.waiting.get(effect)?.();
}
