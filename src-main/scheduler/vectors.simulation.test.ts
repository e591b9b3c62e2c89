import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ScheduleId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { createJournal } from '../journal/sqlite.ts';
import { createScheduler } from './scheduler.ts';
import { createWorld } from './simulated-world.testing.ts';
import type { SimulatedWorld } from './simulated-world.testing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0)) one();
});

const kinds: Readonly<Record<string, () => { readonly open: () => Journal; readonly drop: (journal: Journal) => void }>> = {
  memory() {
    const journal = createMemoryJournal();
    return { open: () => journal, drop: () => undefined };
  },
  sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-days-'));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    return { open: () => createJournal({ path: join(folder, 'journal.sqlite') }), drop: (journal) => journal.close() };
  },
};

const clockText = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');

/** What the journal says of each schedule's occurrences, in its order, in a few words. */
function said(world: SimulatedWorld): readonly string[] {
  return (world.journal()?.readAll(0, 100_000) ?? []).flatMap((event) => {
    if (event.type === 'ScheduleFired') return [`${clockText(event.data.nominalTime)} fired ${event.data.how}`];
    if (event.type === 'OccurrenceSkipped') return [`${clockText(event.data.nominalTime)} skipped ${event.data.reason}`];
    if (event.type === 'OccurrenceBuffered') return [`${clockText(event.data.nominalTime)} waits ${event.data.how}`];
    if (event.type === 'OccurrenceMissed') return [`${clockText(event.data.nominalTime)} to ${clockText(event.data.lastNominalTime)} missed ×${event.data.count} ${event.data.reason}`];
    return [];
  });
}
/** After the first fire. */
const since = (world: SimulatedWorld): readonly string[] => said(world).slice(1);
/** Of the fires, when each came. */
const fires = (world: SimulatedWorld) => (world.journal()?.readAll(0, 100_000) ?? []).flatMap((event) => (event.type === 'ScheduleFired' ? [{ nominal: event.data.nominalTime, at: event.at }] : []));

describe.each(Object.keys(kinds))('with the journal in %s', (kind) => {
  /** A studio that has been up since half past midnight, with one hourly schedule that has fired at one o'clock. */
  async function oneHourly(policy: JsonObject, runMs = 500): Promise<SimulatedWorld> {
    const stores = kinds[kind]?.();
    if (stores === undefined) throw new Error(kind);
    const world = createWorld({ chance: () => 0, wall: Date.UTC(2026, 0, 10, 0, 30), create: createScheduler, run: () => ({ ms: runMs, fails: false }), ...stores });
    await world.save('w', { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC', ...policy });
    await world.start();
    undo.push(() => void world.kill());
    await world.advance(55 * MINUTE);
    expect(said(world)).toEqual(['01-10 01:00 fired onTime']);
    await world.advance(30 * MINUTE);
    return world;
  }

  test('a sleep of 10 minutes: late by more than the grace is caught up, late by less is on time', async () => {
    for (const told of [true, false]) {
      const world = await oneHourly({});
      await world.sleep(10 * MINUTE, told);
      await world.advance(2 * MINUTE);
      expect(since(world)).toEqual(['01-10 02:00 waits catchUp', '01-10 02:00 fired catchUp']);
      expect(fires(world).at(-1)?.at).toBeLessThan(Date.UTC(2026, 0, 10, 2, 6, 5));
      const lenient = await oneHourly({ graceSeconds: 600 });
      await lenient.sleep(10 * MINUTE, told);
      await lenient.advance(2 * MINUTE);
      expect(since(lenient)).toEqual(['01-10 02:00 fired onTime']);
    }
  });

  test('a sleep that all clocks count, as those of some systems do, and a process that stood still: asleep', async () => {
    const world = await oneHourly({ misfire: 'skip' });
    await world.freeze(3 * HOUR);
    await world.advance(10 * MINUTE);
    expect(since(world)).toEqual(['01-10 02:00 to 01-10 04:00 missed ×3 asleep', '01-10 05:00 fired onTime']);
  });

  test('somebody asks something of it after a sleep, before it has looked at the clock: it knows that it slept', async () => {
    for (const ask of ['runMissed', 'pause', 'save'] as const) {
      const world = await oneHourly({ misfire: 'skip' });
      await world.sleep(3 * HOUR, false);
      if (ask === 'save') {
        await world.save('w', { kind: 'cron', expression: '30 * * * *', timeZone: 'UTC' });
        await world.advance(1000);
      } else if (ask === 'pause') await world.scheduler().pause([ScheduleId.parse('w')], '');
      else await world.scheduler().runMissed(ScheduleId.parse('w'), 0, 1, false);
      await world.settle();
      expect([ask, since(world)]).toEqual([ask, ['01-10 02:00 to 01-10 04:00 missed ×3 asleep']]);
    }
  });

  test('a schedule that has no runs left misses nothing', async () => {
    const world = await oneHourly({ remainingRuns: 1 });
    await world.advance(5 * HOUR);
    await world.scheduler().pauseAll('');
    await world.advance(5 * HOUR);
    await world.scheduler().resumeAll();
    await world.save('w', { kind: 'cron', expression: '30 * * * *', timeZone: 'UTC' });
    await world.advance(MINUTE);
    expect(since(world)).toEqual([]);
  });

  test('a sleep of 10 minutes, with misfire skip: missed, asleep', async () => {
    const world = await oneHourly({ misfire: 'skip' });
    await world.sleep(10 * MINUTE, true);
    await world.advance(HOUR);
    expect(since(world)).toEqual(['01-10 02:00 to 01-10 02:00 missed ×1 asleep', '01-10 03:00 fired onTime']);
  });

  test('a sleep of 2 days: what is older than a day is out of the window; the last runs, or all, or none', async () => {
    const outside = '01-10 02:00 to 01-11 01:00 missed ×24 outsideWindow';
    const last = await oneHourly({});
    await last.sleep(2 * DAY, false);
    await last.advance(4 * MINUTE);
    expect(since(last)).toEqual([outside, '01-11 02:00 to 01-12 00:00 missed ×23 asleep', '01-12 01:00 waits catchUp', '01-12 01:00 fired catchUp']);
    const none = await oneHourly({ misfire: 'skip' });
    await none.sleep(2 * DAY, false);
    await none.advance(4 * MINUTE);
    expect(since(none)).toEqual([outside, '01-11 02:00 to 01-12 01:00 missed ×24 asleep']);
    const all = await oneHourly({ misfire: 'all' });
    await all.sleep(2 * DAY, false);
    await all.advance(4 * MINUTE);
    const nominals = Array.from({ length: 24 }, (_, n) => Date.UTC(2026, 0, 11, 2) + n * HOUR);
    expect(since(all)).toEqual([outside, ...nominals.map((at) => `${clockText(at)} waits catchUp`), ...nominals.map((at) => `${clockText(at)} fired catchUp`)]);
    const starts = fires(all).slice(1).map(({ at }) => at);
    for (const [n, at] of starts.slice(1).entries()) expect(at - (starts[n] ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test('all that was missed runs one after the other, however long each takes, and at most so many', async () => {
    const world = await oneHourly({ misfire: 'all', misfireMax: 3 }, 10_000);
    await world.sleep(5 * HOUR, true);
    await world.advance(4 * MINUTE);
    expect(since(world)).toEqual([
      '01-10 02:00 to 01-10 03:00 missed ×2 asleep',
      ...['waits', 'fired'].flatMap((what) => [4, 5, 6].map((hour) => `01-10 0${hour}:00 ${what} catchUp`)),
    ]);
    const starts = fires(world).slice(1).map(({ at }) => at);
    for (const [n, at] of starts.slice(1).entries()) expect(at - (starts[n] ?? 0)).toBeGreaterThanOrEqual(10_000);
  });

  test('a sleep of 40 days, with a window of 30', async () => {
    const world = await oneHourly({ catchupWindow: '30d' });
    await world.sleep(40 * DAY, true);
    await world.advance(4 * MINUTE);
    // 960 in all: 10 days of them out of the window.
    expect(since(world)).toEqual(['01-10 02:00 to 01-20 01:00 missed ×240 outsideWindow', '01-20 02:00 to 02-19 00:00 missed ×719 asleep', '02-19 01:00 waits catchUp', '02-19 01:00 fired catchUp']);
  });

  test('a studio that was closed, or killed, for 2 days: not running', async () => {
    for (const end of ['close', 'kill'] as const) {
      const world = await oneHourly({});
      await world[end]();
      await world.sleep(2 * DAY, false);
      await world.start();
      await world.advance(4 * MINUTE);
      expect(since(world)).toEqual(['01-10 02:00 to 01-11 01:00 missed ×24 outsideWindow', '01-11 02:00 to 01-12 00:00 missed ×23 notRunning', '01-12 01:00 waits catchUp', '01-12 01:00 fired catchUp']);
    }
  });

  test('a clock that is put forward by 3 hours: three are missed, the policy decides', async () => {
    for (const told of [true, false]) {
      const world = await oneHourly({});
      await world.jump(3 * HOUR, told);
      await world.advance(30 * MINUTE);
      // 04:55 until 05:25.
      expect(since(world)).toEqual(['01-10 02:00 to 01-10 03:00 missed ×2 clockJump', '01-10 04:00 waits catchUp', '01-10 04:00 fired catchUp', '01-10 05:00 fired onTime']);
    }
  });

  test('a clock that is put back by 3 hours: nothing fires twice, and nothing again until it has caught up', async () => {
    for (const told of [true, false]) {
      const world = await oneHourly({});
      await world.advance(10 * MINUTE);
      await world.jump(-3 * HOUR, told);
      await world.advance(3 * HOUR + 50 * MINUTE);
      // 02:05 became 23:05; now it is 02:55, and an hour later 03:55.
      expect(since(world)).toEqual(['01-10 02:00 fired onTime']);
      await world.advance(HOUR);
      expect(since(world)).toEqual(['01-10 02:00 fired onTime', '01-10 03:00 fired onTime']);
    }
  });

  test('a clock that is put forward and back again: what was missed then does not run when its time comes', async () => {
    const world = await oneHourly({});
    await world.jump(3 * HOUR, true);
    await world.advance(MINUTE);
    await world.jump(-3 * HOUR, true);
    await world.advance(4 * HOUR);
    expect(since(world)).toEqual(['01-10 02:00 to 01-10 03:00 missed ×2 clockJump', '01-10 04:00 waits catchUp', '01-10 04:00 fired catchUp', '01-10 05:00 fired onTime']);
  });

  test('a small drift is nobody’s jump', async () => {
    const world = await oneHourly({});
    for (let n = 0; n < 300; n += 1) {
      await world.advance(MINUTE);
      await world.jump(n % 3 === 0 ? -300 : 250, false);
    }
    expect(since(world)).toEqual([2, 3, 4, 5, 6].map((hour) => `01-10 0${hour}:00 fired onTime`));
  });
});
