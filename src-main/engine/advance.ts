import type { NewEvent } from '#shared/events';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import type { Command, RunPlan } from './command.ts';
import { decide } from './decide.ts';
import { record } from './record.ts';
import type { Instant } from './record.ts';

/** One step of a run: what to write in one append, the state after it, and the commands behind it in their order. */
export interface Step {
  readonly run: Run;
  readonly events: readonly NewEvent[];
  readonly commands: readonly Command[];
}

/**
 * Folds what has happened, then decides until nothing new follows, so that all events of one instant go in one append. The
 * commands' effects are for after that append. `first` is done before anything is decided (see abandon).
 */
export function advance(run: Run, facts: readonly NewEvent[], plan: RunPlan, instant: Instant, first: (run: Run) => readonly Command[] = () => []): Step {
  const events: NewEvent[] = [...facts];
  const commands: Command[] = [];
  let state = replay(facts, run) ?? run;
  const perform = (wanted: readonly Command[]): boolean => {
    const recorded = wanted.flatMap((command) => record(command, state, instant));
    events.push(...recorded);
    commands.push(...wanted);
    state = replay(recorded, state) ?? state;
    return recorded.length > 0;
  };
  perform(first(state));
  while (perform(decide(state, plan, instant.iso(instant.at))));
  return { run: state, events, commands };
}
