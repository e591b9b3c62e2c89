import type { ScheduleDefinition } from '#shared/schedule/schedule';

/** What a schedule means, as one plain sentence. */
export function describeSchedule(definition: ScheduleDefinition, language: 'en' | 'zh'): string {
  return `${definition.times.kind}${language === 'en' ? '' : ''}`;
}
