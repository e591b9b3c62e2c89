import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { execute } from './program.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function millrace(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((out += String(chunk)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((err += String(chunk)), true));
  const code = await execute(['schedule', 'preview', ...args], {
    spawn: () => {
      throw new Error('A preview needs no worker.');
    },
    appDir: '.',
  });
  vi.restoreAllMocks();
  return { code, out, err };
}

test('--json prints one object, with what the clock did', async () => {
  const { code, out, err } = await millrace('--cron', '33 2 * * *', '--tz', 'America/Los_Angeles', '--from', '2022-03-12T00:00:00Z', '--count', '3', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(out)).toEqual({
    cron: '33 2 * * *',
    timeZone: 'America/Los_Angeles',
    from: '2022-03-12T00:00:00.000Z',
    sentence: 'Every day at 02:33 (America/Los_Angeles)',
    occurrences: [
      { utc: '2022-03-12T10:33:00.000Z', local: '2022-03-12T02:33:00-08:00', dst: null },
      { utc: '2022-03-13T10:00:00.000Z', local: '2022-03-13T03:00:00-07:00', dst: 'gap' },
      { utc: '2022-03-14T09:33:00.000Z', local: '2022-03-14T02:33:00-07:00', dst: null },
    ],
  });
});

test('a person gets a table in which the days of a changed clock are marked', async () => {
  const { code, out } = await millrace('--cron', '30 1,12 * * *', '--tz', 'Europe/London', '--from', '2004-10-31', '--count', '3');
  expect(code).toBe(0);
  expect(out.trimEnd().split('\n')).toEqual([
    'Every day at 01:30 and 12:30 (Europe/London)',
    'in Europe/London           UTC',
    '2004-10-31T01:30:00+01:00  2004-10-31T00:30:00.000Z  clock goes back: 01:30:00 comes twice',
    '2004-10-31T12:30:00+00:00  2004-10-31T12:30:00.000Z  clock goes back on this day',
    '2004-11-01T01:30:00+00:00  2004-11-01T01:30:00.000Z',
  ]);
});

test('a time without an offset is read in the zone, and the first occurrence may be that time; without --from it starts now', async () => {
  const { out } = await millrace('--cron', '0 9 * * *', '--tz', 'Asia/Tokyo', '--from', '2026-03-01T09:00', '--count', '1', '--json');
  expect(JSON.parse(out)).toMatchObject({ from: '2026-03-01T00:00:00.000Z', occurrences: [{ utc: '2026-03-01T00:00:00.000Z' }] });
  const now = JSON.parse((await millrace('--cron', '* * * * *', '--tz', 'UTC', '--json')).out) as { from: string; occurrences: { utc: string }[] };
  expect(now.occurrences).toHaveLength(10);
  expect(Date.parse(now.occurrences[0]?.utc ?? '') - Date.parse(now.from)).toBeLessThanOrEqual(60_000);
});

const preview = async (days: string) => JSON.parse((await millrace('--cron', '0 0 13 * FRI', '--tz', 'UTC', '--from', '2026-02-01', '--count', '2', '--json', '--days', days)).out) as { sentence: string; occurrences: { utc: string }[] };

test('--days says how the two kinds of days go together', async () => {
  expect(await preview('or')).toMatchObject({ sentence: 'On the 13th of every month, and also every Friday, at 00:00 (UTC)', occurrences: [{ utc: '2026-02-06T00:00:00.000Z' }, { utc: '2026-02-13T00:00:00.000Z' }] });
  expect(await preview('and')).toMatchObject({ sentence: 'On the 13th of every month if it is a Friday, at 00:00 (UTC)', occurrences: [{ utc: '2026-02-13T00:00:00.000Z' }, { utc: '2026-03-13T00:00:00.000Z' }] });
});

describe('--file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-preview-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (schedule: unknown): string => {
    writeFileSync(join(folder, 'flow.json'), JSON.stringify({ formatVersion: 1, id: 'flow', name: 'Flow', nodes: [], edges: [], metadata: { schedule } }));
    return join(folder, 'flow.json');
  };

  test('previews every schedule of a workflow, each in its zone', async () => {
    const list = [
      { key: 'early', kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Europe/Zurich' },
      { key: 'once', label: 'Party', kind: 'once', at: '2026-12-31T20:00', timeZone: 'Asia/Shanghai', enabled: false },
      { key: 'after', kind: 'delay', every: '5m', timeZone: 'UTC' },
    ];
    const { code, out, err } = await millrace('--file', file(list), '--from', '2026-03-27T12:00', '--count', '2');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trimEnd().split('\n')).toEqual([
      'early:',
      'Every weekday at 08:00 (Europe/Zurich)',
      'in Europe/Zurich           UTC',
      '2026-03-30T08:00:00+02:00  2026-03-30T06:00:00.000Z',
      '2026-03-31T08:00:00+02:00  2026-03-31T06:00:00.000Z',
      'Party (switched off):',
      'Once, on 2026-12-31 at 20:00 (Asia/Shanghai)',
      'in Asia/Shanghai           UTC',
      '2026-12-31T20:00:00+08:00  2026-12-31T12:00:00.000Z',
      'It does not run after that.',
      'after:',
      '5 minutes after the previous run ended',
      'Its times are not known in advance.',
    ]);
    const { out: text } = await millrace('--file', file(list), '--from', '2026-03-27T12:00', '--count', '1', '--json');
    expect(JSON.parse(text)).toMatchObject({
      schedules: [
        { key: 'early', kind: 'cron', enabled: true, timeZone: 'Europe/Zurich', from: '2026-03-27T11:00:00.000Z', sentence: 'Every weekday at 08:00 (Europe/Zurich)', occurrences: [{ utc: '2026-03-30T06:00:00.000Z', local: '2026-03-30T08:00:00+02:00', dst: null }] },
        { key: 'once', enabled: false, occurrences: [{ utc: '2026-12-31T12:00:00.000Z' }] },
        { key: 'after', kind: 'delay', occurrences: [] },
      ],
      problems: [],
    });
  });

  test('what is wrong is told with its place, and refused with 2; a warning is not', async () => {
    expect(await millrace('--file', file({ cron: '0 25 * * *', timeZone: 'UTC' }))).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^error: metadata\.schedule\.expression: The hour is broken at character 3/u) });
    expect(await millrace('--file', file({ cron: '@daily' }), '--count', '1')).toMatchObject({ code: 0, out: expect.stringContaining('Every day at 00:00 (UTC)'), err: expect.stringContaining('warning: metadata.schedule.timeZone') });
    expect(await millrace('--file', file(undefined))).toMatchObject({ code: 0, out: expect.stringContaining('has no schedule') });
    expect(await millrace('--file', join(folder, 'none.json'))).toMatchObject({ code: 2, err: expect.stringContaining('no such file') });
    expect(await millrace('--file', file(undefined), '--cron', '@daily')).toMatchObject({ code: 2, err: expect.stringContaining('--file') });
  });
});

test('a date that never comes is said', async () => {
  expect(await millrace('--cron', '0 0 30 2 *', '--tz', 'UTC')).toMatchObject({ code: 0, out: expect.stringContaining('never runs') });
});

test.each([
  ['expression', ['--cron', '0 25 * * *', '--tz', 'UTC'], /hour.*character 3.*“25”.*0 to 23/],
  ['zone', ['--cron', '@daily', '--tz', 'Europe/Zurick'], /"Europe\/Zurick".*Europe\/Zurich/],
  ['date', ['--cron', '@daily', '--tz', 'UTC', '--from', 'tomorrow'], /--from.*"tomorrow".*ISO/],
  ['date of no calendar', ['--cron', '@daily', '--tz', 'UTC', '--from', '2026-02-30'], /2026-02-30/],
  ['count', ['--cron', '@daily', '--tz', 'UTC', '--count', '0'], /whole number from 1/],
  ['missing zone', ['--cron', '@daily'], /--tz/],
  ['missing expression', [], /--cron.*--file/],
  ['choice of days', ['--cron', '@daily', '--tz', 'UTC', '--days', 'xor'], /or, and/],
])('a wrong %s is refused with a sentence and 2', async (_what, args, sentence) => {
  const { code, out, err } = await millrace(...args);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(sentence);
});
