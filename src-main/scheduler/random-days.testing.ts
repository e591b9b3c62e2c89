import type { WorkflowId } from '#shared/ids';
import { ScheduleId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import type { Journal } from '../journal/journal.ts';
import type { Scheduler } from '../studio-types.ts';
import type { SchedulerOptions } from './options.ts';
import { createReferee } from './referee.testing.ts';
import { createWorld } from './simulated-world.testing.ts';
import type { Doom } from './mortal-journal.testing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Plan {
  readonly chance: () => number;
  readonly create: (options: SchedulerOptions) => Scheduler;
  readonly open: () => Journal;
  readonly drop: (journal: Journal) => void;
  readonly steps: number;
  readonly askMissedMs: number;
}

export interface Outcome {
  readonly problems: readonly string[];
  readonly story: readonly string[];
  readonly days: number;
  readonly tally: ReturnType<typeof createReferee>['tally'];
  readonly schedules: readonly string[];
}

/** Days and weeks of a machine's life, drawn by lot: its schedules, what its person does, how it sleeps, is set wrong, and dies. */
export async function liveThroughDays({ chance, create, open, drop, steps, askMissedMs }: Plan): Promise<Outcome> {
  const below = (count: number): number => Math.floor(chance() * count);
  const pick = <T>(...items: readonly T[]): T => items[below(items.length)] as T;
  const maybe = (share: number, more: JsonObject): JsonObject => (chance() < share ? more : {});
  const start = Date.UTC(2023, 2, 20) + below(20 * DAY);
  const speeds = new Map<string, { readonly ms: number; readonly fails: number }>();
  const speedOf = (workflow: string): { readonly ms: number; readonly fails: number } => {
    const known = speeds.get(workflow) ?? { ms: pick(200, 3 * SECOND, 3 * SECOND, 45 * SECOND, 10 * MINUTE, 2 * HOUR), fails: pick(0, 0, 0.3) };
    speeds.set(workflow, known);
    return known;
  };
  const world = createWorld({
    chance,
    wall: start,
    open,
    drop,
    create,
    askMissedMs,
    run: (workflow: WorkflowId) => ({ ms: Math.ceil(speedOf(workflow).ms * (0.5 + chance())), fails: chance() < speedOf(workflow).fails }),
  });
  const referee = createReferee(world.unseen);
  referee.askedFor(askMissedMs);
  const story: string[] = [];
  let heard = 0;
  /** How long nothing has happened to the machine. */
  let awake = 0;

  const zone = (): string => pick('Europe/Zurich', 'America/Los_Angeles', 'Australia/Lord_Howe', 'Asia/Beirut', 'UTC', 'Africa/Casablanca');
  const times = (): JsonObject => {
    const timeZone = zone();
    const bounded = { ...maybe(0.1, { startAt: new Date(world.wall() + below(2 * DAY)).toISOString() }), ...maybe(0.1, { endAt: new Date(world.wall() + HOUR + below(9 * DAY)).toISOString() }) };
    switch (below(8)) {
      case 0:
        return { kind: 'once', at: new Date(world.wall() + below(5 * DAY)).toISOString() };
      case 1:
        return { kind: 'manual' };
      case 2:
        return { kind: 'delay', every: pick('20s', '5m', '2h'), timeZone, ...bounded };
      case 3:
      case 4:
        return { kind: 'interval', every: pick('90s', '7m', '15m', '1h', '6h', '1d'), phase: pick('0s', '41s', '20m'), timeZone, ...bounded };
      default:
        return {
          kind: 'cron',
          expression: pick('*/5 * * * *', '0 * * * *', '30 2 * * *', '0 9 * * 1-5', '15,45 */3 * * *', '30 0,1,2,3 * * *', '*/40 */2 * * * *', '0 0 1,15 * MON', '@daily'),
          timeZone,
          ...maybe(0.3, { gap: 'skip' }),
          ...maybe(0.3, { repeat: pick('second', 'both') }),
          ...maybe(0.3, { days: 'and' }),
          ...bounded,
        };
    }
  };
  const schedule = (key: string): JsonObject => {
    const own = times();
    if (own['kind'] === 'manual') return { ...own, key };
    return {
      ...own,
      key,
      overlap: pick('skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll'),
      misfire: pick('skip', 'last', 'all'),
      ...maybe(0.3, { misfireMax: 1 + below(20) }),
      graceSeconds: pick(0, 60, 600),
      catchupWindow: pick('10m', '5h', '24h', '30d'),
      ...maybe(0.3, { jitterSeconds: pick(5, 30, 600) }),
      ...maybe(0.15, { remainingRuns: below(30) }),
      ...maybe(0.15, { pauseOnFailure: true }),
      ...maybe(0.05, { enabled: false }),
    };
  };
  const file = (): JsonObject[] => Array.from({ length: 1 + below(3) }, (_, n) => schedule(n === 0 ? '' : `k${n}`));
  const ids = (): ScheduleId[] => {
    const all = referee.schedules();
    return all.length === 0 ? [] : [ScheduleId.parse(all[below(all.length)])];
  };
  /** What a person asks of the studio; the studio may die of it. */
  const ask = async (what: Promise<unknown>): Promise<void> => {
    await Promise.race([what.catch((thrown: unknown) => void story.push(`  refused: ${thrown instanceof Error ? thrown.message : 'no'}`)), world.settle().then(() => world.settle())]);
  };

  const acts: Readonly<Record<string, () => Promise<string>>> = {
    async minutes() {
      const ms = below(10 * MINUTE);
      awake += ms;
      await world.advance(ms);
      return `${ms} ms`;
    },
    async hours() {
      const ms = below(8 * HOUR);
      awake += ms;
      await world.advance(ms);
      return `${ms} ms`;
    },
    async sleep() {
      const [ms, told] = [pick(30 * SECOND, 10 * MINUTE, below(6 * HOUR), below(6 * HOUR), 2 * DAY, 40 * DAY), chance() < 0.5];
      await world.sleep(ms, told);
      return `${ms} ms, ${told ? 'told' : 'untold'}`;
    },
    async jump() {
      const [ms, told] = [pick(1, -1) * pick(3 * SECOND, 2 * MINUTE, 3 * HOUR), chance() < 0.5];
      await world.jump(ms, told);
      return `${ms} ms, ${told ? 'told' : 'untold'}`;
    },
    async restart() {
      if (chance() < 0.5) await world.close();
      else await world.kill();
      const ms = pick(SECOND, below(HOUR), below(3 * DAY));
      await world.sleep(ms, false);
      if (chance() < 0.2) await edit();
      return `after ${ms} ms`;
    },
    async doom() {
      const doom: Doom = { nth: 1 + below(6), side: pick('before', 'after', 'committed') };
      world.doom(doom);
      for (let n = 0; n < 40 && world.isRunning(); n += 1) await world.advance(below(HOUR / 2));
      return `${doom.side} ${doom.nth}: ${world.isRunning() ? 'lived' : 'died'}`;
    },
    edit,
    async pause() {
      const chosen = ids();
      if (chosen.length > 0) await ask(chance() < 0.5 ? world.scheduler().pause(chosen, 'so') : world.scheduler().resume(chosen));
      return chosen.join();
    },
    async pauseAll() {
      if (world.paused()) {
        await ask(world.scheduler().resumeAll());
        // It may have died of it.
        if (world.paused()) return 'still paused';
        referee.resumedAll(world.wall());
        return 'resumed';
      }
      await ask(world.scheduler().pauseAll('so'));
      if (!world.paused()) return 'not paused';
      referee.pausedAll(world.wall());
      return 'paused';
    },
    async runMissed() {
      const [id] = ids();
      const to = world.wall() - below(2 * DAY);
      if (id !== undefined) await ask(world.scheduler().runMissed(id, to - below(2 * DAY), to, chance() < 0.3));
      return id ?? '';
    },
    async runNow() {
      const [id] = ids();
      if (id !== undefined) await ask(world.scheduler().runNow(id));
      return id ?? '';
    },
    async settleAway() {
      const away = world.scheduler().away();
      const choices = Object.fromEntries((away?.schedules ?? []).flatMap((one) => (chance() < 0.7 ? [[one.scheduleId, pick('run', 'latest', 'skip')]] : [])));
      if (away !== null) {
        referee.chosen(Object.keys(choices));
        await ask(world.scheduler().settleAway(choices as never));
      }
      return JSON.stringify(choices);
    },
  };
  async function edit(): Promise<string> {
    const id = `w${below(6)}`;
    const text = chance() < 0.1 ? null : file();
    await world.save(id, text);
    return `${id} ${JSON.stringify(text)}`;
  }
  const lots = ['minutes', 'minutes', 'minutes', 'hours', 'hours', 'hours', 'hours', 'sleep', 'sleep', 'sleep', 'jump', 'jump', 'restart', 'restart', 'doom', 'doom', 'edit', 'pause', 'pause', 'pauseAll', 'runMissed', 'runNow', ...(askMissedMs > 0 ? ['settleAway', 'settleAway'] : [])];

  const look = (journal: Pick<Journal, 'readAll'> | null): void => {
    if (journal === null) return;
    const events = journal.readAll(heard, 1_000_000);
    heard = events.at(-1)?.position ?? heard;
    referee.hear(events);
  };
  /** Opens what a dead studio has left, to look at it. */
  const lookInto = (): void => {
    if (world.isRunning()) return look(world.journal());
    const journal = open();
    look(journal);
    drop(journal);
  };

  for (let n = 0; n < 5; n += 1) await world.save(`w${n}`, file());
  await world.start();
  for (let step = 0; step < steps && referee.problems.length === 0; step += 1) {
    const act = step % 12 === 11 ? 'pauseAll' : (lots[below(lots.length)] ?? 'hours');
    if (act === 'pauseAll' && step % 12 === 11 && !world.paused()) continue;
    const before = world.unseen.length;
    story.push(`${step} ${new Date(world.wall()).toISOString()} (${heard}) ${act}`);
    story.push(`  ${await acts[act]?.()}`);
    lookInto();
    if (!world.isRunning()) {
      await world.kill();
      await world.start();
      story.push(`  started ${new Date(world.wall()).toISOString()}`);
      lookInto();
    }
    if (world.unseen.length !== before || !['minutes', 'hours'].includes(act)) {
      awake = 0;
    } else if (awake > askMissedMs + 2 * SECOND) referee.expectQuiet(world.wall(), awake);
  }
  for (let n = 0; n < 4 && referee.problems.length === 0; n += 1) {
    await world.advance(HOUR);
    awake += HOUR;
    lookInto();
    referee.expectQuiet(world.wall(), awake);
  }
  await world.close();
  lookInto();
  return { problems: [...referee.problems], story, days: (world.wall() - start) / DAY, tally: referee.tally, schedules: referee.schedules() };
}
