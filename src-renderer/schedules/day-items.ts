import type { Collision } from './collisions.ts';
import type { ClockChange, Day } from './days.ts';
import type { Outcome, Settled, SettledBand } from './past.ts';
import type { Band, Plan, Planned } from './plan.ts';
import type { pastOf } from './past.ts';

/** One thing at one time of a day: a run that is to come, or what became of one. */
export type Item = Planned | Settled;

/** All that a calendar shows of a day. */
export interface DayItems {
  readonly day: Day;
  readonly isToday: boolean;
  /** In the order of their times. */
  readonly items: readonly Item[];
  readonly bands: readonly (Band | SettledBand)[];
  readonly counts: Readonly<Record<Outcome | 'planned', number>>;
  readonly clock: readonly ClockChange[];
}

/** Brings together, day by day, what was and what is to come. */
export function dayItems(days: readonly Day[], plan: Plan | null, past: ReturnType<typeof pastOf>, clock: readonly ClockChange[], now: number): readonly DayItems[] {
  return days.map((day, n) => {
    const coming = plan?.days[n];
    const been = past[n];
    const planned = coming?.planned ?? [];
    const more = coming?.bands.reduce((sum, band) => sum + (band.count ?? 0), 0) ?? 0;
    return {
      day,
      isToday: now >= day.from && now < day.to,
      items: [...(been?.settled ?? []), ...planned].toSorted((a, b) => a.at - b.at),
      bands: [...(been?.bands ?? []), ...(coming?.bands ?? [])],
      counts: { ...(been?.counts ?? { fired: 0, skipped: 0, missed: 0, buffered: 0 }), planned: planned.length + more },
      clock: clock.filter(({ at }) => at >= day.from && at < day.to),
    };
  });
}

const touches = (run: Planned, { kind, from, to, schedules }: Collision): boolean => run.until > run.at && run.at < to && run.until > from && (kind === 'crowd' || schedules.includes(run.schedule));

/** The runs to come that collide. A crowd is all that goes on at that time, whoever is named. */
export function colliding(plan: Plan | null): ReadonlySet<Item> {
  const found = new Set<Item>();
  for (const { planned } of plan?.days ?? []) for (const run of planned) if (plan?.collisions.some((one) => touches(run, one)) === true) found.add(run);
  return found;
}
