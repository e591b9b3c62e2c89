import { StudioError } from '#shared/errors';
import type { NewEvent, PauseAnswer } from '#shared/events';
import type { Run } from '#shared/run/run';
import type { Graph } from '../dataplane/protocol.ts';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import type { Plan } from '../engine/plan.ts';
import { completed, confirmed, segmentOf } from './effects.ts';
import type { Interruption } from './interruption.ts';
import type { Stamp } from './facts.ts';

/** What a person's answer makes of a paused run: with no commands it waits for a worker then. Throws conflict where it is not paused. */
export function answer(run: Run, parts: { readonly plan: Plan; readonly graph: Graph }, said: PauseAnswer, by: string, stamp: Stamp): Interruption {
  if (run.status !== 'paused' || run.question === null) throw new StudioError('conflict', 'The run is not paused: it asks nothing.', { place: run.id, remedy: 'Look at its page for what it is doing.' });
  if (said === 'skip' && run.question.kind === 'recovery') throw new StudioError('invalid_input', 'There is nothing to take as done: the run asks whether to go on.', { place: run.id, remedy: 'Answer "repeat" to go on, or "stop" to end it.' });
  const answered: NewEvent = { type: 'WorkflowAnswered', data: { answer: said, by }, ...stamp() };
  const { question } = run;
  if (said === 'stop') return { facts: [answered], first: (state): readonly Command[] => abandon(state, { code: 'cancelled', message: question.kind === 'effects' ? 'It was ended instead of doing again what may be done already.' : 'It was ended instead of going on after an interruption.' }) };
  const about = question.kind === 'effects' ? question.effects : [];
  const facts = about.flatMap(({ node, effect }): readonly NewEvent[] => {
    const own = run.nodes[node];
    const found = own?.effects.find((one) => one.effect === effect);
    if (own === undefined || found === undefined) return [];
    if (said === 'repeat') return [{ type: 'NodeEffectDropped', data: { node, effect, reason: `It is done again: ${by} said so.` }, ...stamp() }];
    const segment = segmentOf(parts.plan, node);
    return [...(found.state === 'intended' ? [confirmed(node, found, stamp)] : []), ...(segment === undefined ? [] : completed(run, segment, parts.graph, node, found, stamp))];
  });
  return { facts: [...facts, answered], first: () => [] };
}
