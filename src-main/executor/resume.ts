import type { ErrorInfo } from '#shared/errors';
import type { PauseAnswer, PauseQuestion } from '#shared/events';
import { NodeId } from '#shared/ids';
import type { NodeRun, Run } from '#shared/run/run';
import type { Standing } from '../dataplane/protocol.ts';
import type { Command, RunPlan } from '../engine/command.ts';
import type { Segment } from '../engine/plan.ts';
import { begin } from '../engine/decide.ts';
import { salvage } from '../engine/salvage.ts';
import { asking } from './effects.ts';
import { doneOutside } from './past.ts';
import type { FindOrigin, Past } from './past.ts';

export type By = (Command & { kind: 'Resume' })['by'];

/** How a run goes on from its past: with these commands, not before a person has answered, or not at all. */
export type Resumption =
  | { readonly kind: 'go'; readonly commands: readonly Command[] }
  | { readonly kind: 'ask'; readonly question: PauseQuestion }
  | { readonly kind: 'fail'; readonly error: ErrorInfo };

/**
 * What stands and what runs again, from what the worker found. Nothing that was done outside is done again before a person has said so:
 * `answers` are theirs, by effect, asked for only where something would be; `find` gives the runs that the run goes back to.
 */
export function resume(run: Run, plan: RunPlan, past: Past, standing: Standing, by: By, people: { readonly answers: () => ReadonlyMap<string, PauseAnswer>; readonly find: FindOrigin }): Resumption {
  const restored = new Set([...standing.restored, ...past.diverted.map((one) => one.node)]);
  const found = salvage(plan, { done: past.done, steady: new Set(standing.steady), restored, sameRun: past.sameRun, from: past.from });
  const again = new Set(found.run);
  const repeated = plan.segments.filter((segment) => again.has(segment.id));
  const find = remembering(people.find);
  const twice = repeated.map((segment) => ({ segment, asked: segment.nodes.flatMap((id) => asking(id, doneOutside(past, id, find))) })).filter((one) => one.asked.length > 0);

  const spared = new Set<string>();
  if (twice.length > 0) {
    const said = people.answers();
    const open = twice.flatMap((one) => one.asked.filter(({ effect }) => !said.has(effect)));
    if (open.length > 0) return { kind: 'ask', question: { kind: 'effects', effects: open } };
    for (const { segment, asked } of twice) if (asked.some(({ effect }) => said.get(effect) === 'skip')) spared.add(segment.id);
  }
  for (const segment of repeated) {
    const missing = spared.has(segment.id) ? undefined : segment.needs.find((need) => spared.has(need) && !restored.has(NodeId.parse(need)));
    if (missing !== undefined) return { kind: 'fail', error: goneRows(missing, segment) };
  }
  if (past.sameRun) return { kind: 'go', commands: [{ kind: 'Resume', by, repeat: found.repeat.filter((node) => !plan.segments.some((segment) => spared.has(segment.id) && segment.nodes.includes(node))) }] };

  const kept = new Set([...found.keep, ...spared]);
  const commands = plan.segments.flatMap((segment) => {
    if (kept.has(segment.id)) return segment.nodes.map((id): Command => ({ kind: 'Reuse', from: past.of.id, node: asGiven(past.of, id, segment) }));
    return again.has(segment.id) ? [] : segment.nodes.map((node): Command => ({ kind: 'Skip', node, reason: { kind: 'notNeeded' } }));
  });
  return { kind: 'go', commands: [...begin(plan), ...commands] };
}

/** What was taken for done has rows that something else has still to read. */
const goneRows = (missing: string, segment: Segment): ErrorInfo => ({
  code: 'conflict',
  message: `What "${missing}" had done was taken as done, but "${segment.nodes[0] ?? segment.id}" still has to read its rows, and they went with the process that held them.`,
  place: missing,
  remedy: `Run it again from "${missing}" and answer "repeat": that does it again. Turn on "checkpoint" for "${missing}" to keep its rows the next time.`,
});

/** Each run is read once, however many nodes go back to it. */
function remembering(find: FindOrigin): FindOrigin {
  const found = new Map<string, Run | null>();
  return (origin) => {
    const key = `${origin.run} ${origin.version}`;
    const run = found.has(key) ? (found.get(key) ?? null) : find(origin);
    found.set(key, run);
    return run;
  };
}

/** A node as it was in the run whose output stands. Inside a segment an edited workflow may call it by another name: nothing is known of that. */
function asGiven(of: Run, id: NodeId, segment: Segment): NodeRun {
  const found = of.nodes[id];
  if (found?.status === 'completed') return found;
  const end = found ?? of.nodes[segment.end.node];
  if (end === undefined) throw new Error(`Run ${of.id} has no node "${segment.end.node}".`);
  return { ...end, id, rowsIn: 0, rowsOut: {}, key: null, outputs: [] };
}
