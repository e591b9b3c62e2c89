import type { Compiled, Step } from './compile.ts';
import { outputOf } from './compile.ts';
import type { OpenRun } from './open-run.ts';

/** One operator of DuckDB's profile or plan, as its JSON has it. */
interface Operator {
  readonly operator_name?: string;
  readonly name?: string;
  readonly operator_cardinality?: number;
  readonly operator_timing?: number;
  readonly children?: readonly Operator[];
}

/** An operator on the way from the leaf to the root. Projections change no count and may come and go between two plans of one query. */
interface Stage {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
}

const timeOf = (operator: Operator): number => (operator.operator_timing ?? 0) + (operator.children ?? []).reduce((sum, child) => sum + timeOf(child), 0);
const nameOf = (operator: Operator): string => (operator.operator_name ?? operator.name ?? '').trim();

/** From the leftmost leaf up. Work beside the way (the other side of a join) counts as time of the operator that needs it. */
function wayUp(root: Operator): readonly Stage[] {
  const stages: Stage[] = [];
  for (let at: Operator | undefined = root; at !== undefined; at = at.children?.[0]) {
    const beside = (at.children ?? []).slice(1).reduce((sum, child) => sum + timeOf(child), 0);
    stages.push({ name: nameOf(at), rows: at.operator_cardinality ?? 0, seconds: (at.operator_timing ?? 0) + beside });
  }
  return stages.toReversed();
}

const isProjection = (stage: Stage): boolean => stage.name === 'PROJECTION';

/** Reads the JSON of EXPLAIN (ANALYZE) or of the profiling file. */
export function readProfile(json: string): readonly Stage[] {
  const root = JSON.parse(json) as Operator;
  return root.children?.[0] === undefined ? [] : wayUp(root.children[0]);
}

async function planOf(run: OpenRun, select: string): Promise<readonly string[]> {
  return run.context.memory.remember(`plan ${run.context.stamp()} ${select}`, '', async () => {
    const rows = await run.session.rows(`EXPLAIN (FORMAT JSON) ${select}`);
    const [root] = JSON.parse(String(rows[0]?.[1])) as readonly Operator[];
    return root === undefined ? [] : wayUp(root).filter((stage) => !isProjection(stage)).map((stage) => stage.name);
  });
}

/** How many operators, counted from the leaf, stand for each step: found in the plan of each prefix, once, then remembered. */
async function depths(run: OpenRun, compiled: Compiled): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  let before: readonly string[] | null = compiled.originRows === null || compiled.origin === null ? null : await planOf(run, `SELECT * FROM ${compiled.origin}`);
  for (const step of compiled.steps) {
    const select = outputOf(step);
    const counts = (step.fusing === 'source' || step.fusing === 'filter') && step.port !== null && select !== null;
    before = counts ? await planOf(run, select) : (before ?? []);
    found.push(before);
  }
  return found;
}

export interface StepCount {
  readonly rowsIn: number;
  /** Rows that left by the port which was followed. */
  readonly rowsOut: number;
  /** Its share of the work, 0 to 1. */
  readonly share: number;
}

const startsWith = (stages: readonly Stage[], names: readonly string[]): boolean => names.every((name, index) => stages[index]?.name === name);

async function recount(run: OpenRun, step: Step): Promise<number> {
  const select = outputOf(step);
  return select === null ? 0 : Number((await run.session.rows(`SELECT count(*) FROM (${select})`))[0]?.[0] ?? 0);
}

function shares(stages: readonly Stage[], ends: readonly number[]): readonly number[] {
  const seconds = ends.map(() => 0);
  const last = ends.length - 1;
  const add = (index: number, value: number): void => {
    seconds[index] = (seconds[index] ?? 0) + value;
  };
  let depth = 0;
  for (const stage of stages) {
    if (isProjection(stage)) {
      const candidates = ends.flatMap((end, index) => (end === depth && index < last ? [index] : []));
      const owner = candidates.length > 1 ? candidates.slice(1) : candidates;
      if (owner.length === 0) add(last, stage.seconds);
      for (const index of owner) add(index, stage.seconds / owner.length);
    } else {
      const owner = ends.findIndex((end) => end > depth);
      add(owner === -1 || depth >= (ends[last - 1] ?? 0) ? last : owner, stage.seconds);
      depth += 1;
    }
  }
  const total = seconds.reduce((sum, one) => sum + one, 0);
  return seconds.map((one) => (total === 0 ? 1 / seconds.length : one / total));
}

/**
 * Exact rows through every step of a segment that has run, from its profile. Should the plan have come out in another shape than its
 * parts had alone, the rows are counted again: slower, never wrong.
 */
export async function countSteps(run: OpenRun, compiled: Compiled, stages: readonly Stage[]): Promise<readonly StepCount[]> {
  const plans = await depths(run, compiled);
  const counted = stages.filter((stage) => !isProjection(stage));
  const part = shares(stages, plans.map((names) => names.length));
  let before = compiled.originRows ?? 0;
  const counts: StepCount[] = [];
  for (const [index, step] of compiled.steps.entries()) {
    const rowsIn = step.fusing === 'source' ? 0 : before;
    let rowsOut = rowsIn;
    if (step.port !== null && (step.fusing === 'source' || step.fusing === 'filter')) {
      const names = plans[index] ?? [];
      const trusted = names.length > 0 && startsWith(counted, names);
      const seen = counted[names.length - 1]?.rows ?? 0;
      rowsOut = trusted ? seen : names.includes('EMPTY_RESULT') ? 0 : await recount(run, step);
    }
    before = rowsOut;
    counts.push({ rowsIn, rowsOut, share: part[index] ?? 0 });
  }
  return counts;
}
