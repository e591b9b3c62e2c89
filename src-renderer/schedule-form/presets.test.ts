import { describe, expect, it } from 'vitest';
import { readSchedules } from '#shared/schedule/read-schedules';
import { readPattern } from './builder.ts';
import { textAt } from './form.ts';
import { itemOf, PRESETS } from './presets.ts';

describe('presets', () => {
  it.each(PRESETS.filter((preset) => preset.item['kind'] !== 'watch'))('$id can be read without a word of complaint, in its zone', (preset) => {
    const read = readSchedules(itemOf(preset, 'Asia/Tokyo'));
    expect(read.problems).toEqual([]);
    expect(read.schedules[0]?.times).toMatchObject({ ...preset.item, timeZone: 'Asia/Tokyo' });
  });
  it.each(PRESETS.filter((preset) => preset.item['kind'] === 'cron'))('$id is a pattern that the builder shows', (preset) => expect(readPattern(textAt(preset.item, 'expression'))).not.toBeNull());
  it('ask for a folder where they watch one', () => {
    const watch = PRESETS.filter((preset) => preset.item['kind'] === 'watch');
    expect(watch).toHaveLength(1);
    for (const preset of watch) {
      expect(readSchedules(itemOf(preset, 'UTC')).problems.map(({ field }) => field)).toEqual(['metadata.schedule.path']);
      expect(readSchedules({ ...itemOf(preset, 'UTC'), path: 'inbox' }).problems).toEqual([]);
    }
  });
  it('have ids of their own', () => expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length));
});
