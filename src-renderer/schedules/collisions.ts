import type { ScheduleView } from '#shared/contract/schedules';
import type { Band, Planned } from './plan.ts';

/**
 * Runs that would get in each other's way. `crowd`: more at once than may run; `self`: a workflow that has not ended when it is to start
 * again; `slow`: it takes longer than the time between two of its runs.
 */
export interface Collision {
  readonly kind: 'crowd' | 'self' | 'slow';
  readonly from: number;
  readonly to: number;
  /** The first of them. */
  readonly schedules: readonly ScheduleView[];
  /** So many runs at once. */
  readonly peak: number;
  /** Of a slow one: the time between two of its runs. */
  readonly everyMs: number | null;
  /** How often the same comes again later. */
  readonly again: number;
}

const MOST_NAMED = 8;
/** Crowds that lie closer together are one. */
const NEAR_MS = 15 * 60_000;
/** So many are told; who has more has one reason for all of them. */
const MOST_COLLISIONS = 200;
const STEPS = 2000;

type Found = { -readonly [K in keyof Collision]: Collision[K] };
interface Open {
  readonly from: number;
  readonly schedules: Set<ScheduleView>;
  peak: number;
}

const begin = (from: number, runs: Iterable<Planned>, peak: number): Open => {
  const schedules = new Set<ScheduleView>();
  for (const { schedule } of runs) {
    if (schedules.size >= MOST_NAMED) break;
    schedules.add(schedule);
  }
  return { from, schedules, peak };
};

function grow(open: Open, schedule: ScheduleView, peak: number): void {
  if (open.schedules.size < MOST_NAMED) open.schedules.add(schedule);
  open.peak = Math.max(open.peak, peak);
}

/** Finds them among the runs of days in a row, in small steps. Runs that only touch do not collide. */
export function* findCollisions(days: readonly (readonly Planned[])[], bands: readonly Band[], atOnce: number): Generator<undefined, readonly Collision[]> {
  const found: Found[] = [];
  const slow = new Map<ScheduleView, Band>();
  for (const band of bands) if (band.everyMs !== null && (band.schedule.expectedMs ?? 0) > band.everyMs && !slow.has(band.schedule)) slow.set(band.schedule, band);
  for (const [schedule, band] of slow) found.push({ kind: 'slow', from: band.at, to: band.last, schedules: [schedule], peak: Math.ceil((schedule.expectedMs ?? 0) / (band.everyMs ?? 1)), everyMs: band.everyMs, again: 0 });

  const active = new Set<Planned>();
  const ofWorkflow = new Map<string, Set<Planned>>();
  const selves = new Map<string, Open>();
  let crowd: Open | null = null;
  let carried: readonly Planned[] = [];
  let steps = 0;

  let lastCrowd: Found | null = null;
  const close = (open: Open, kind: 'crowd' | 'self', to: number): void => {
    const schedules = [...open.schedules];
    if (kind === 'crowd' && lastCrowd !== null && open.from - lastCrowd.to <= NEAR_MS) {
      lastCrowd.to = to;
      lastCrowd.peak = Math.max(lastCrowd.peak, open.peak);
      lastCrowd.schedules = [...new Set([...lastCrowd.schedules, ...schedules])].slice(0, MOST_NAMED);
      return;
    }
    const one: Found = { kind, from: open.from, to, schedules, peak: open.peak, everyMs: null, again: 0 };
    found.push(one);
    if (kind === 'crowd') lastCrowd = one;
  };
  const start = (run: Planned): void => {
    const { at, schedule } = run;
    active.add(run);
    const own = ofWorkflow.get(schedule.workflowId) ?? new Set();
    ofWorkflow.set(schedule.workflowId, own.add(run));
    const self = selves.get(schedule.workflowId);
    if (own.size > 1 && !slow.has(schedule)) {
      if (self === undefined) selves.set(schedule.workflowId, begin(at, own, own.size));
      else grow(self, schedule, own.size);
    }
    if (active.size <= atOnce) return;
    if (crowd === null) crowd = begin(at, active, active.size);
    else grow(crowd, schedule, active.size);
  };
  const end = (run: Planned): void => {
    const { until, schedule } = run;
    active.delete(run);
    const own = ofWorkflow.get(schedule.workflowId);
    own?.delete(run);
    const self = selves.get(schedule.workflowId);
    if (self !== undefined && (own?.size ?? 0) <= 1) {
      close(self, 'self', until);
      selves.delete(schedule.workflowId);
    }
    if (crowd !== null && active.size <= atOnce) {
      close(crowd, 'crowd', until);
      crowd = null;
    }
  };

  for (const [n, runs] of days.entries()) {
    const taking = runs.filter((run) => run.until > run.at);
    const starts = taking.toSorted((a, b) => a.at - b.at);
    const ends = [...carried, ...taking].toSorted((a, b) => a.until - b.until);
    // What reaches into the next day ends there.
    const dayEnd = days.slice(n + 1).find((later) => later.length > 0)?.reduce((least, run) => Math.min(least, run.at), Infinity) ?? Infinity;
    yield;
    let next = 0;
    let over = 0;
    while (next < starts.length || (over < ends.length && (ends[over]?.until ?? Infinity) <= dayEnd)) {
      const [run, ending] = [starts[next], ends[over]];
      if (ending !== undefined && (run === undefined || ending.until <= run.at)) {
        if (ending.until > dayEnd && run === undefined) break;
        end(ending);
        over += 1;
      } else if (run !== undefined) {
        start(run);
        next += 1;
      }
      steps += 1;
      if (steps % STEPS === 0) yield;
    }
    carried = ends.slice(over);
    if (found.length >= MOST_COLLISIONS) break;
  }
  return found.toSorted((a, b) => a.from - b.from).slice(0, MOST_COLLISIONS);
}

/** The same kind of collision of the same schedules, told once: the first of them, and how often it comes again. */
export function grouped(collisions: readonly Collision[]): readonly Collision[] {
  const groups = new Map<string, Found>();
  for (const one of collisions) {
    const key = [one.kind, ...one.schedules.map((schedule) => schedule.id).toSorted()].join('\n');
    const first = groups.get(key);
    if (first === undefined) groups.set(key, { ...one });
    else {
      first.again += 1;
      first.peak = Math.max(first.peak, one.peak);
    }
  }
  return [...groups.values()];
}
