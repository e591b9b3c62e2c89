import { beforeAll, describe, expect, inject, test } from 'vitest';
import { campaign } from './campaign.ts';
import type { Campaign } from './campaign.ts';

/** `KILLS=2000 KILL_SEED=7 npm run test:kills`: as many kills, at the instants of that seed. */
const GOAL = Number(process.env['KILLS'] ?? 500);
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

describe(`a studio under load, killed ${GOAL} times at random instants (KILL_SEED=${SEED})`, () => {
  let result: Campaign;
  beforeAll(async () => {
    result = await campaign(inject('built'), GOAL, SEED);
    const { kills, events, runs, rounds, seconds, found } = result;
    const of = (...victims: readonly string[]): number => kills.filter(({ victim }) => victims.includes(victim)).length;
    const at = (when: string): number => kills.filter(({ phase }) => phase === when).length;
    console.log(
      `Kills survived: ${kills.length} (${of('main')} of the studio, ${of('all')} of the studio with its workers, ${of('worker')} of a worker; ${at('opening')} while it opened, ${at('working')} at work, ${at('closing')} while it closed) in ${rounds} data folders; ` +
        `${runs} runs and ${events} events acknowledged, ${found.events.length} lost; ${Math.round(seconds)} s, KILL_SEED=${SEED}.`,
    );
  });

  test('so many kills there were: of studios, of workers, while a studio opened, worked and closed', () => {
    const { kills } = result;
    expect(kills.length).toBeGreaterThanOrEqual(GOAL);
    for (const half of [kills.filter(({ victim }) => victim === 'worker'), kills.filter(({ victim }) => victim !== 'worker')]) expect(half.length).toBeGreaterThan(GOAL / 10);
    // A few kills need not be of each.
    if (GOAL >= 200) expect(new Set(kills.map(({ phase }) => phase))).toEqual(new Set(['opening', 'working', 'closing']));
  });
  test('no acknowledged event is lost or changed', () => expect(result.found.events).toEqual([]));
  test('every acknowledged run is there and ended as it does undisturbed, node by node, none is going for ever', () => expect(result.found.runs).toEqual([]));
  test('the files of sinks are those of an undisturbed run; what came of one draw of random numbers agrees', () => expect(result.found.outputs).toEqual([]));
  test('appended rows stand there exactly once', () => expect(result.found.appends).toEqual([]));
  test('nothing half-written is left, and a kept output is what its name says', () => expect(result.found.halves).toEqual([]));
  test('the journal verifies', () => expect(result.found.journal).toEqual([]));
  test('statistics, run list and histories agree', () => expect(result.found.counts).toEqual([]));
  test('no studio ended by itself, stood still or asked a question; the loss of a worker is no loss of the studio', () => expect(result.found.processes).toEqual([]));
});
