import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { newFireFolder, startFireLife } from './fires-round.ts';
import type { FireFolder } from './fires-round.ts';
import { judgeFires } from './fires-verdict.ts';
import type { FireVerdict } from './fires-verdict.ts';
import { seeded } from '#shared/seeded.testing';
import { killNow } from './studio-process.ts';

/** `FIRE_KILLS=1000 FIRE_SEED=7 npm run test:kills -- fires.kill`: as many kills at random instants, those of that seed. */
const GOAL = Number(process.env['FIRE_KILLS'] ?? 100);
const SEED = Number(process.env['FIRE_SEED'] ?? Date.now() % 1_000_000);
const PATIENCE_MS = 180_000;

const built = inject('built');
const zone = { timeZone: 'Europe/Zurich' };
const everySecond = { kind: 'cron', expression: '* * * * * *', ...zone, overlap: 'allowAll', misfire: 'all', misfireMax: 3 };
/** All kinds that fire by themselves, several in the same second. */
const MANY = {
  cron: everySecond,
  skip: { kind: 'interval', every: '1s', ...zone, misfire: 'last', graceSeconds: 0 },
  buffer: { kind: 'interval', every: '2s', ...zone, overlap: 'bufferAll', misfire: 'all', misfireMax: 2, jitterSeconds: 1 },
  cancel: { kind: 'cron', expression: '*/3 * * * * *', ...zone, overlap: 'cancelOther', misfire: 'skip', graceSeconds: 0 },
  delay: { kind: 'delay', every: '1s', ...zone },
};

const outcomesOf: Record<string, number> = {};
const sums = { exact: 0, random: 0, fires: 0 };
afterAll(() => console.log(`Kills of a studio whose schedules fire: ${sums.exact} between two statements of a fire, ${sums.random} at random instants (FIRE_SEED=${SEED}); ${sums.fires} fires, each with one run.`));

/** The last life: nothing is done to it, and it ends by itself when all runs have. */
async function finish(place: FireFolder): Promise<FireVerdict> {
  const life = startFireLife(built, place);
  await life.opened;
  await Promise.race([life.fires(3), pause(PATIENCE_MS)]);
  life.tell('finish');
  const how = await Promise.race([life.gone, pause(PATIENCE_MS, 'It did not end.')]);
  killNow(life.child.pid);
  expect([how, life.stderr.join('')]).toEqual([0, '']);
  return judgeFires(place);
}

const preload = resolve(import.meta.dirname, 'die-at-statement.ts');
const instants = (at: number, side: string, log: string, prefix: number): { readonly file: string; readonly env: Readonly<Record<string, string>> } => ({ file: preload, env: { DIE_AT: String(at), DIE_SIDE: side, DIE_LOG: log, DIE_PREFIX: String(prefix) } });

test('a studio killed between every two statements of a fire, life after life', async () => {
  const place = newFireFolder({ one: everySecond });
  const log = join(place.folder, 'statements');
  const calm = startFireLife(built, place, instants(0, 'before', log, 0));
  await calm.opened;
  await calm.fires(3);
  calm.tell('leave');
  expect([await calm.gone, calm.stderr.join('')]).toEqual([0, '']);
  // In its first fires a process prepares what it has not needed before; the statements are the same.
  const fires = readFileSync(log, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as readonly string[]);
  const statements = fires.at(-1) ?? [];
  expect(statements.length).toBeGreaterThan(5);
  const prefix = statements.findIndex((text) => text.startsWith('INSERT INTO events'));
  expect(prefix).toBeGreaterThan(0);
  // Before the first and after each: that is between every two, and at both ends.
  const deaths = [{ at: 1, side: 'before' }, ...statements.map((_, index) => ({ at: index + 1, side: 'after' }))];
  for (const { at, side } of deaths) {
    const life = startFireLife(built, place, instants(at, side, log, prefix));
    const how = await Promise.race([life.gone, pause(PATIENCE_MS, 'It lived.')]);
    killNow(life.child.pid);
    expect([at, side, how, life.stderr.join('')]).toEqual([at, side, 'SIGKILL', '']);
    await life.gone;
    sums.exact += 1;
  }
  const { fires: count, problems } = await finish(place);
  expect(problems).toEqual([]);
  sums.fires += count;
  rmSync(place.folder, { recursive: true, force: true });
}, 3_600_000);

test(`a studio killed ${GOAL} times at random instants while five schedules fire every second or so`, async () => {
  let left = GOAL;
  const lane = async (chance: () => number): Promise<void> => {
    const place = newFireFolder(MANY);
    while (left > 0) {
      left -= 1;
      const life = startFireLife(built, place);
      // Some while it opens, most while it fires.
      if (chance() < 0.8) await life.opened;
      await Promise.race([pause(chance() * 1200), life.gone]);
      expect([killNow(life.child.pid), life.stderr.join('')]).toEqual([true, '']);
      await life.gone;
      sums.random += 1;
      // Now and then it stays away for longer than is in time.
      if (chance() < 0.06 || left === 1) await pause(2500);
    }
    const { fires, outcomes, problems } = await finish(place);
    expect(problems).toEqual([]);
    for (const [what, count] of Object.entries(outcomes)) outcomesOf[what] = (outcomesOf[what] ?? 0) + count;
    sums.fires += fires;
    rmSync(place.folder, { recursive: true, force: true });
  };
  await Promise.all([lane(seeded(SEED)), lane(seeded(SEED + 1))]);
  // It was about something: occurrences came out in every way.
  expect(Object.entries(outcomesOf).filter(([, count]) => count === 0)).toEqual([]);
}, 3_600_000);
