import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { newFireFolder, startFireLife } from './fires-round.ts';
import { judgeFires } from './fires-verdict.ts';

/** `REAL_SECONDS=600 npm run test:kills -- schedules.fault`: so long. */
const SECONDS = Number(process.env['REAL_SECONDS'] ?? 120);
const DROP_EVERY_MS = 8000;

const zone = { timeZone: 'Europe/Zurich' };
/** Also what a machine that stood still came too late for. */
const all = { overlap: 'allowAll', misfire: 'all' };
/** Later than this, in ms, nothing fires on a machine that has time. */
const AT_EASE_MS = 300;

test(`a studio left alone for ${SECONDS} seconds of real time: cron, intervals, jitter, a delay and a watched folder, and nothing is missing`, async () => {
  const place = newFireFolder({
    second: { kind: 'interval', every: '1s', ...zone, ...all },
    five: { kind: 'interval', every: '5s', ...zone, ...all, jitterSeconds: 3 },
    minute: { kind: 'cron', expression: '* * * * *', ...zone, ...all },
    delay: { kind: 'delay', every: '2s', ...zone },
    watch: { kind: 'watch', path: '../../inbox', settleMs: 500, ...zone, overlap: 'bufferAll' },
  });
  const inbox = join(place.folder, 'inbox');
  mkdirSync(inbox);
  const life = startFireLife(inject('built'), place);
  await life.opened;
  const end = performance.now() + SECONDS * 1000;
  let drops = 0;
  for (; performance.now() + DROP_EVERY_MS < end; drops += 1) {
    await pause(DROP_EVERY_MS / 2);
    for (const n of [1, 2, 3]) writeFileSync(join(inbox, `${drops}-${n}.csv`), 'a\n1\n');
    await pause(DROP_EVERY_MS / 2);
  }
  await pause(Math.max(0, end - performance.now()));
  life.tell('finish');
  expect([await life.gone, life.stderr.join('')]).toEqual([0, '']);
  const { problems, bySchedule, firesOf } = judgeFires(place);
  expect(problems).toEqual([]);
  const fires = (id: string): number => firesOf.get(id) ?? 0;
  console.log(`${SECONDS} s of real time: ${[...bySchedule].map(([id, late]) => `${id} ${late.length} fires, late by ${quantile(late, 0.5)} ms (p50), ${quantile(late, 0.99)} ms (p99)`).join('; ')}. Jitter of up to 3 s is in those of "five".`);
  // The verdict has seen that every occurrence came to something: here to a start, each of them.
  expect(fires('second')).toBeGreaterThanOrEqual(SECONDS - 2);
  expect(fires('five')).toBeGreaterThanOrEqual(Math.floor(SECONDS / 5) - 2);
  expect(fires('minute')).toBeGreaterThanOrEqual(Math.floor(SECONDS / 60) - 1);
  expect(fires('delay')).toBeGreaterThan(SECONDS / 20);
  // Three files at once are one change, each time; unless writing them takes as long as it has to be quiet.
  if (quantile(bySchedule.get('second') ?? [], 1) < AT_EASE_MS) expect(fires('watch')).toBe(drops);
  else expect(fires('watch')).toBeGreaterThan(0);
  for (const late of bySchedule.values()) for (const ms of late) expect(ms).toBeGreaterThanOrEqual(0);
  rmSync(place.folder, { recursive: true, force: true });
}, (SECONDS + 1200) * 1000);

const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
