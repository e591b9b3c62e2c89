import type { StudioEvent } from '#shared/events';
import type { Attempt, NodeRun, Run } from '#shared/run/run';
import { moment, print } from './output.ts';

const OUTCOMES: { readonly [K in Attempt['outcome']]: (attempt: Attempt & { readonly outcome: K }) => string } = {
  running: () => 'was going',
  completed: () => 'completed',
  stopped: () => 'was stopped',
  failed: ({ error }) => `failed: ${error.message}`,
  lost: ({ reason }) => `was lost: ${reason}`,
};
const outcome = (attempt: Attempt): string => (OUTCOMES[attempt.outcome] as (one: Attempt) => string)(attempt);

const STATES = { intended: 'not known whether it happened', confirmed: 'happened', dropped: 'did not happen' } as const;

/** Attempts, where there was more than one or one was lost; and what a node did outside. */
function ofNode({ id, attempts, effects }: NodeRun): readonly string[] {
  const worthTelling = attempts.length > 1 || attempts.some((one) => one.outcome === 'lost');
  return [
    ...(worthTelling ? attempts.map((one) => `  ${id}, attempt ${one.attempt}: ${outcome(one)}`) : []),
    ...effects.map((one) => `  ${id}, effect: ${one.what} (${STATES[one.state]})`),
  ];
}

function ofEvent(event: StudioEvent): readonly string[] {
  if (event.type === 'WorkflowInterrupted') return [`Interrupted ${moment(event.at)}: ${event.data.reason}`];
  if (event.type === 'WorkflowResumed') return [`Resumed ${moment(event.at)} (${event.data.by})${event.data.repeat.length === 0 ? '' : `; ran again: ${event.data.repeat.join(', ')}`}`];
  if (event.type === 'WorkflowPaused') return [`Paused ${moment(event.at)} with a question`];
  if (event.type === 'WorkflowAnswered') return [`Answered ${moment(event.at)}: ${event.data.answer} (${event.data.by})`];
  return [];
}

/** What a table of nodes does not show: where the run came from, how often it stood still, what was tried again or lost. */
export function printStory(run: Run, events: readonly StudioEvent[]): void {
  const { origin } = run;
  const lines = [
    ...(origin === null ? [] : [`${origin.kind === 'fork' ? 'Forked' : 'Run again'} from run ${origin.run}, after its event ${origin.version}${origin.from === null ? '' : `, from "${origin.from}" on`}`]),
    ...events.flatMap(ofEvent),
    ...(run.status === 'interrupted' && run.interruption !== null && events.at(-1)?.type !== 'WorkflowInterrupted' ? [`Interrupted: ${run.interruption}`] : []),
    ...Object.values(run.nodes).flatMap(ofNode),
  ];
  for (const line of lines) print(`${line}\n`);
}
