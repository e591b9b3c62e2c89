import type { NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { folding } from '#shared/run/evolve';
import type { NodeRun, Run } from '#shared/run/run';
import type { Command, RunPlan } from './command.ts';
import { decide } from './decide.ts';
import { outlookOf } from './outlook.ts';
import { record } from './record.ts';
import type { Instant } from './record.ts';

/** One step of a run: what to write in one append, the state after it, and the commands behind it in their order. */
export interface Step {
  readonly run: Run;
  readonly events: readonly NewEvent[];
  readonly commands: readonly Command[];
}

/** A run in the hands of the one who carries it out. A step costs as much as what changes in it, not as much as the run is large. */
export interface Held {
  /** The state after all steps so far. It changes in place with the next one: who keeps it, copies it. */
  run(): Run;
  /** Nodes of the segment that goes now. */
  running(): readonly NodeRun[];
  /** Nodes that wait to be tried again. */
  waiting(): readonly NodeRun[];
  /** A node has waited long enough; the next step may start it. Time is the holder's to measure, by a clock that doesn't jump. */
  wake(node: NodeId): void;
  /**
   * Folds what has happened, then decides until nothing new follows, so that all events of one instant go in one append. The commands'
   * effects are for after that append. `first` is done before anything is decided.
   */
  step(facts: readonly NewEvent[], instant: Instant, first?: (run: Run) => readonly Command[]): Step;
}

/** Takes a run as it stands; `from` stays as it is. */
export function hold(from: Run, plan: RunPlan): Held {
  const fold = folding(from);
  const run = (): Run => fold.run() ?? from;
  let outlook = outlookOf(from, plan);
  const awake = new Set<NodeId>();
  const take = (events: readonly NewEvent[]): void => {
    const changed = new Set<NodeId>();
    for (const event of events) {
      fold.add(event);
      if (event.type === 'NodeRetryScheduled') awake.delete(event.data.node);
      if (event.type.startsWith('Node') && 'node' in event.data && event.data.node !== null) changed.add(event.data.node);
    }
    if (events.some((event) => event.type === 'WorkflowResumed')) outlook = outlookOf(run(), plan);
    else outlook.update(run(), changed);
  };
  return {
    run,
    running: () => outlook.inState('running').flatMap(({ segment }) => segment.nodes.flatMap((id) => run().nodes[id] ?? [])),
    waiting: () => outlook.inState('retrying').map(({ state }) => state.node),
    wake: (node) => void awake.add(node),
    step(facts, instant, first = () => []) {
      const events: NewEvent[] = [...facts];
      const commands: Command[] = [];
      take(facts);
      const perform = (wanted: readonly Command[]): boolean => {
        const recorded = wanted.flatMap((command) => record(command, run(), instant));
        events.push(...recorded);
        commands.push(...wanted);
        take(recorded);
        return recorded.length > 0;
      };
      perform(first(run()));
      while (perform(decide(run(), plan, awake, outlook)));
      return { run: run(), events, commands };
    },
  };
}
