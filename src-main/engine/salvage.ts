import type { NodeId } from '#shared/ids';
import type { Plan, Segment } from './plan.ts';

/** What a run finds that goes on after its worker went, or that continues another run. The sets speak of segments, by the node each ends with. */
export interface Found {
  /** Nothing of them is open any more. */
  readonly done: ReadonlySet<NodeId>;
  /** Running them again would give the same. */
  readonly steady: ReadonlySet<NodeId>;
  /** Their rows are there to be read. */
  readonly restored: ReadonlySet<NodeId>;
  /** Is it the run itself that left it, or another? */
  readonly sameRun: boolean;
  /** It and what follows it run in any case; null in the same run. */
  readonly from: NodeId | null;
}

/** What becomes of each segment, by id. One that is in neither list is not needed. */
export interface Salvage {
  readonly keep: readonly string[];
  readonly run: readonly string[];
  /** Nodes of done segments that run again. */
  readonly repeat: readonly NodeId[];
}

/**
 * How little has to run, so that what the run gives is what an undisturbed run gives.
 * - In the same run, whatever is not done runs. In another one, a segment stands only where it is done and steady and does not follow
 *   `from`; of the rest, those run whose rows somebody will read, and those at the end of the graph.
 * - A segment whose rows a running one reads, and whose rows are gone, runs again.
 * - What a segment that runs again reads off differently from before, its consumers have to read too: they run again where it is not steady.
 */
export function salvage(plan: Pick<Plan, 'segments'>, found: Found): Salvage {
  const { segments } = plan;
  const byEnd = (ends: ReadonlySet<NodeId>): ReadonlySet<string> => new Set(segments.filter((segment) => ends.has(segment.end.node)).map((segment) => segment.id));
  const [done, steady, restored] = [byEnd(found.done), byEnd(found.steady), byEnd(found.restored)];
  const needs = new Map(segments.map((segment) => [segment.id, segment.needs]));
  const consumers = consumersOf(segments);
  const forced = found.from === null ? new Set<string>() : following(segments, consumers, found.from);
  const stands = (id: string): boolean => done.has(id) && !forced.has(id) && (found.sameRun || steady.has(id));
  const isGoal = (id: string): boolean => found.sameRun || (consumers.get(id) ?? []).length === 0;

  const runs = new Set<string>(segments.map((segment) => segment.id).filter((id) => !stands(id) && isGoal(id)));
  // The set grows while it is walked.
  for (const id of runs) {
    for (const need of needs.get(id) ?? []) if (!stands(need) || !restored.has(need)) runs.add(need);
    if (done.has(id) && !steady.has(id)) for (const consumer of consumers.get(id) ?? []) runs.add(consumer);
  }
  const ids = segments.map((segment) => segment.id);
  return {
    keep: ids.filter((id) => stands(id) && !runs.has(id)),
    run: ids.filter((id) => runs.has(id)),
    repeat: segments.filter((segment) => runs.has(segment.id) && done.has(segment.id)).flatMap((segment) => segment.nodes),
  };
}

function consumersOf(segments: readonly Segment[]): ReadonlyMap<string, readonly string[]> {
  const consumers = new Map<string, string[]>(segments.map((segment) => [segment.id, []]));
  for (const segment of segments) for (const need of segment.needs) consumers.get(need)?.push(segment.id);
  return consumers;
}

function following(segments: readonly Segment[], consumers: ReadonlyMap<string, readonly string[]>, from: NodeId): ReadonlySet<string> {
  const reached = new Set(segments.filter((segment) => segment.nodes.includes(from)).map((segment) => segment.id));
  // The set grows while it is walked.
  for (const id of reached) for (const next of consumers.get(id) ?? []) reached.add(next);
  return reached;
}
