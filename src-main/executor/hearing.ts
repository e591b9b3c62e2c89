import { assertNever, errorSentence } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { FromWorker, Standing } from '../dataplane/protocol.ts';
import type { Held } from '../engine/advance.ts';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import type { Audience } from './audience.ts';
import { settle } from './effects.ts';
import type { Ending } from './ending.ts';
import { doneFacts } from './facts.ts';
import { failure } from './failure.ts';
import type { Pages } from './pages.ts';
import type { Lease } from './pool.ts';
import type { Prepared } from './prepare.ts';
import type { RunClock } from './run-clock.ts';
import type { SegmentWatch } from './segment-watch.ts';
import type { Settling } from './settling.ts';
import type { World } from './world.ts';

/** What hearing needs of the run around it. */
export interface Heard {
  readonly id: RunId;
  readonly prepared: Prepared;
  readonly world: World;
  readonly held: Held;
  readonly clock: RunClock;
  readonly pages: Pages;
  readonly segments: SegmentWatch;
  readonly ending: Ending;
  readonly settling: Settling;
  readonly tell: Audience['tell'];
  readonly lease: () => Lease | null;
  readonly isClosing: () => boolean;
  readonly step: (facts: readonly NewEvent[], first?: (run: Run) => readonly Command[]) => void;
  readonly opened: (standing: Standing) => void;
  /** The run has no worker any more. */
  readonly interrupted: (reason: string, facts?: readonly NewEvent[]) => void;
  /** The studio closes: the run stands still with what has come of it. */
  readonly shut: (facts: readonly NewEvent[]) => void;
}

/** What a run's worker says of it, and what follows. */
export interface Hearing {
  readonly message: (said: FromWorker) => void;
  /** The segment that goes has ended without success: told so by its worker (`told`), or because its worker is gone or not waited for. */
  readonly unsuccessful: (told: (FromWorker & { readonly kind: 'failed' }) | null, how: string) => void;
}

export const workerEnded = (how: string): string => `The process that held this run ended (${how}).`;

export function createHearing({ id, prepared, world, held, clock, pages, segments, ending, settling, tell, lease, isClosing, step, opened, interrupted, shut }: Heard): Hearing {
  const run = (): Run => held.run();
  const { stamp } = clock;
  const unsuccessful: Hearing['unsuccessful'] = (told, how) => {
    const running = held.running();
    const expired = segments.ended();
    if (isClosing() && !run().cancelRequested && (told === null || told.error.code === 'cancelled')) return shut([]);
    const settled = settle(running.filter((node) => node.effects.some((one) => one.state === 'intended')), run(), prepared, world.look, stamp);
    const found = failure(run(), running, { told, how, expired, settled }, prepared.plan, stamp);
    if (found === null) return interrupted(workerEnded(how));
    if (told !== null && !run().cancelRequested && expired === null) pages.log(run(), told.node, 'error', [errorSentence(told.error)], stamp().at);
    if (isClosing()) return shut(found.facts);
    if (lease() === null && found.goesOn && found.first === undefined) return interrupted(workerEnded(how), found.facts);
    step(found.facts, found.first);
  };

  const message = (said: FromWorker): void => {
    if (!('runId' in said) || said.runId !== id) return;
    switch (said.kind) {
      case 'progress':
        if (run().status === 'running') tell({ kind: 'progress', segment: said.segment, fraction: said.fraction, nodes: said.nodes.map((node) => ({ ...node, rowsOut: { ...node.rowsOut } })) });
        return;
      case 'console':
        return pages.log(run(), said.node, 'info', said.lines, stamp().at);
      case 'opened':
        return opened(said.standing);
      case 'intend': {
        // Whoever was told to stop has not heard it yet: it waits for a word that does not come.
        if (!segments.isCurrent(said) || isClosing() || run().cancelRequested || segments.expired !== null) return;
        const { node, attempt, effect, what, rows, proof, counts, instead } = said;
        const known = counts?.map(({ node: one, rowsIn, rowsOut, durationMs, report }) => ({ node: one, rowsIn, rowsOut, durationMs, report }));
        const dropped: readonly NewEvent[] = instead === undefined ? [] : [{ type: 'NodeEffectDropped', data: { node, effect: instead, reason: 'It did not happen: another program had written to the file.' }, ...stamp() }];
        step([...dropped, { type: 'NodeEffectIntended', data: { node, attempt, effect, what, rows, proof, ...(known === undefined ? {} : { counts: known }) }, ...stamp() }]);
        return lease()?.send({ kind: 'proceed', runId: id, effect });
      }
      case 'done': {
        if (!segments.isCurrent(said)) return;
        const facts = doneFacts(held.running(), said, stamp);
        const expired = segments.ended();
        if (isClosing()) return shut(facts);
        return step(facts, expired?.node === null ? (state) => abandon(state, expired.error) : undefined);
      }
      case 'failed':
        return segments.isCurrent(said) ? unsuccessful(said, '') : undefined;
      case 'sample':
        world.samples.add(id, said.node, said.port, said.sample);
        return tell({ kind: 'sample', node: said.node, port: said.port });
      case 'settled':
        return settling.heard(said);
      case 'closed':
        return isTerminal(run().status) ? ending.finish() : undefined;
      default:
        return assertNever(said);
    }
  };

  return { message, unsuccessful };
}
