import type { Away, AwayChoice, AwaySchedule } from '#shared/contract/schedules';

/** What a stretch of absence is recognised by: the same is never asked about twice. More that was missed may join it, its deadline stays. */
export const stretchOf = ({ deadline }: Away): string => String(deadline);

/** Can any of it still be run? */
export const canRun = ({ count, tooOld }: AwaySchedule): boolean => tooOld < count;

/** The choice of each schedule: the person's where there is one, else its policy's. */
export const choicesOf = (schedules: readonly AwaySchedule[], chosen: Readonly<Record<string, AwayChoice>>): Readonly<Record<string, AwayChoice>> =>
  Object.fromEntries(schedules.map((one) => [one.scheduleId, canRun(one) ? (chosen[one.scheduleId] ?? one.policy) : 'skip']));

/** One choice for all that can follow it. */
export const chooseForAll = (schedules: readonly AwaySchedule[], choice: AwayChoice): Readonly<Record<string, AwayChoice>> => choicesOf(schedules, Object.fromEntries(schedules.map((one) => [one.scheduleId, choice])));

/** What all have in common, or null. */
export function commonChoice(choices: Readonly<Record<string, AwayChoice>>): AwayChoice | null {
  const [first, ...others] = Object.values(choices);
  return first !== undefined && others.every((one) => one === first) ? first : null;
}

/** How many of its missed times the contract left out between the first and the last it named. */
export const leftOut = ({ count, times }: AwaySchedule): number => Math.max(0, count - times.length);
