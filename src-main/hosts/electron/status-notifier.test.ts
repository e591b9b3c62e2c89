import { expect, it } from 'vitest';
import { showsTrayIcons, waitForTray } from './status-notifier.ts';

const asked = async (answers: Readonly<Record<string, string>>): Promise<readonly [boolean, readonly string[]]> => {
  const programs: string[] = [];
  const found = await showsTrayIcons((program) => {
    programs.push(program);
    return Promise.resolve(answers[program] ?? null);
  });
  return [found, programs];
};

it('asks whichever program there is', async () => {
  expect(await asked({ gdbus: '(<true>,)\n' })).toEqual([true, ['gdbus']]);
  expect(await asked({ 'dbus-send': 'method return\n   variant       boolean true\n' })).toEqual([true, ['gdbus', 'dbus-send']]);
  expect(await asked({ busctl: 'b true\n' })).toEqual([true, ['gdbus', 'dbus-send', 'busctl']]);
});

it('takes an error, a no and silence for no', async () => {
  expect(await asked({ gdbus: '' })).toEqual([false, ['gdbus']]);
  expect(await asked({ gdbus: '(<false>,)' })).toEqual([false, ['gdbus']]);
  expect((await asked({}))[0]).toBe(false);
});

it('waits for a panel that comes later, and not for ever', async () => {
  let asks = 0;
  const after = (count: number) => () => Promise.resolve((asks += 1) > count);
  expect(await waitForTray(100, after(3), 1)).toBe(true);
  expect(asks).toBe(4);
  asks = 0;
  expect(await waitForTray(5, after(1000), 1)).toBe(false);
  expect(asks).toBe(6);
});
