import { statSync } from 'node:fs';
import type { EffectProof, FileMark, NewEvent, PauseQuestion } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Effect, NodeRun, Run } from '#shared/run/run';
import type { Graph } from '../dataplane/protocol.ts';
import type { Plan, Segment } from '../engine/plan.ts';
import { attemptOf } from './facts.ts';
import type { Stamp } from './facts.ts';

/** What a file is now, null where there is none. Throws where it can't be told. */
export type Look = (path: string) => FileMark | null;

export const lookAt: Look = (path) => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : { ino: String(found.ino), bytes: Number(found.size), mtimeNs: String(found.mtimeNs) };
};

const isSame = (a: FileMark | null, b: FileMark | null): boolean => (a === null || b === null ? a === b : a.ino === b.ino && a.bytes === b.bytes && a.mtimeNs === b.mtimeNs);

/** Has what was intended happened? `unknown` where nothing can tell: no proof, or somebody else has changed the file since. */
export function hasHappened(proof: EffectProof | null, look: Look): 'yes' | 'no' | 'unknown' {
  if (proof === null) return 'unknown';
  try {
    const now = look(proof.path);
    if (isSame(now, proof.after)) return 'yes';
    return isSame(now, proof.before) ? 'no' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** What is asked of a person: effects with the nodes that have, or may have, done them. */
export type Asked = (PauseQuestion & { readonly kind: 'effects' })['effects'];

/** What has been found out about intents nobody has confirmed. `done`: segments whose work stands by that. */
export interface Settled {
  readonly facts: readonly NewEvent[];
  readonly done: ReadonlySet<string>;
  readonly undecided: Asked;
}

export const asking = (node: NodeId, effects: readonly Effect[]): Asked => effects.map(({ effect, what }) => ({ node, effect, what }));

/**
 * Looks at every intent of these nodes that was not confirmed. One that has happened completes its node, and its segment with it: it is
 * the last thing its node does. Where a node had several intents and not all are undone, nothing says how far it came.
 */
export function settle(nodes: readonly NodeRun[], run: Run, parts: { readonly plan: Plan; readonly graph: Graph }, look: Look, stamp: Stamp): Settled {
  const facts: NewEvent[] = [];
  const done = new Set<string>();
  const undecided: Asked = [];
  for (const node of nodes) {
    const open = node.effects.filter((one) => one.state === 'intended');
    const found = open.map((one) => ({ one, happened: hasHappened(one.proof, look) }));
    const [only] = found;
    const segment = segmentOf(parts.plan, node.id);
    if (segment !== undefined && only?.happened === 'yes' && node.effects.filter((one) => one.attempt === only.one.attempt && one.state !== 'dropped').length === 1) {
      facts.push(confirmed(node.id, only.one, stamp), ...completed(run, segment, parts.graph, node.id, only.one, stamp));
      done.add(segment.id);
      continue;
    }
    for (const { one, happened } of found) {
      if (happened === 'no') facts.push({ type: 'NodeEffectDropped', data: { node: node.id, effect: one.effect, reason: 'It did not happen: the file is as it was before.' }, ...stamp() });
      else undecided.push(...asking(node.id, [one]));
    }
  }
  return { facts, done, undecided };
}

export const segmentOf = (plan: Plan, node: NodeId): Segment | undefined => plan.segments.find((one) => one.nodes.includes(node));

export const confirmed = (node: NodeId, { effect }: Pick<Effect, 'effect'>, stamp: Stamp): NewEvent => ({ type: 'NodeEffectConfirmed', data: { node, effect }, ...stamp() });

/**
 * A segment that is done by what one of its nodes did outside, with what was counted before. Where that is not known, that node has taken
 * the intent's rows and the one before it gave them; what the others counted went with their process.
 */
export function completed(run: Run, segment: Segment, graph: Graph, node: NodeId, effect: Effect, stamp: Stamp): readonly NewEvent[] {
  const into = graph.edges.filter((edge) => edge.target === node);
  const [feeding] = into.length === 1 ? into : [];
  return segment.nodes.flatMap((id): NewEvent[] => {
    const before = run.nodes[id];
    if (before === undefined || before.status === 'completed') return [];
    const attempt = attemptOf(before);
    const isEffect = id === node;
    const known = effect.counts?.find((one) => one.node === id);
    const guessed = { rowsIn: isEffect ? effect.rows : 0, rowsOut: feeding?.source === id ? { [feeding.sourcePort]: effect.rows } : {}, durationMs: 0, report: {} };
    const { rowsIn, rowsOut, durationMs, report } = known ?? guessed;
    const output: NewEvent[] = isEffect && effect.proof !== null ? [{ type: 'NodeOutputCommitted', data: { node: id, attempt, port: null, path: effect.proof.path, rows: effect.rows, bytes: effect.proof.after.bytes, hash: null }, ...stamp() }] : [];
    return [...output, { type: 'NodeExecutionCompleted', data: { node: id, attempt, rowsIn, rowsOut, durationMs, report, key: null }, ...stamp() }];
  });
}
