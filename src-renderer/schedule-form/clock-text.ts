import type { Time } from './builder.ts';

/** 08:05 of a time of day. */
export const writeTime = ({ hour, minute }: Time): string => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

/** A time of day as it was typed: `8`, `8:30`, `08.30`, `0830`. Null for nothing, undefined for what is no time. */
export function readTime(text: string): Time | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const [, hour, minute = '0'] = /^(\d{1,2})(?:[:：.]?(\d\d))?$/u.exec(trimmed) ?? [];
  return hour === undefined || Number(hour) > 23 || Number(minute) > 59 ? undefined : { hour: Number(hour), minute: Number(minute) };
}
