import type { Text } from '#shared/node-spec';
import { say } from '../i18n/text.ts';
import type { Item } from './items.ts';

/** A schedule that people ask for often, in one click. */
export interface Preset {
  readonly id: string;
  readonly text: Text;
  /** Everything but the zone. */
  readonly item: Item;
}

const cron = (id: string, expression: string, text: Text): Preset => ({ id, text, item: { kind: 'cron', expression } });

/** The presets, from the most frequent to the rarest. */
export const PRESETS: readonly Preset[] = [
  cron('quarter', '*/15 * * * *', say('Every 15 minutes', '每 15 分钟')),
  cron('hour', '0 * * * *', say('Every hour', '每小时')),
  cron('day', '0 8 * * *', say('Every day at 08:00', '每天 08:00')),
  cron('weekday', '0 8 * * 1-5', say('Every weekday at 08:00', '每个工作日（周一至周五）08:00')),
  cron('monday', '0 8 * * 1', say('Every Monday at 08:00', '每周一 08:00')),
  cron('month', '0 8 1 * *', say('First day of the month at 08:00', '每月 1 日 08:00')),
  cron('monthEnd', '0 20 L * *', say('Last day of the month at 20:00', '每月最后一天 20:00')),
  { id: 'files', text: say('When files arrive in a folder', '文件夹中有新文件时'), item: { kind: 'watch', path: '', events: ['added'] } },
  { id: 'after', text: say('10 minutes after each run', '每次运行结束 10 分钟后'), item: { kind: 'delay', every: '10m' } },
];

/** What a preset puts into the document. Its zone is said, never left to the computer that happens to run it. */
export const itemOf = (preset: Preset, timeZone: string): Item => ({ ...preset.item, timeZone });
