import { afterEach, expect, test, vi } from 'vitest';
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
])('a wrong %s is refused with a sentence and 2', async (_what, args, sentence) => {
  const { code, out, err } = await millrace(...args);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(sentence);
});
