import { events } from './001-events.ts';
import { chain } from './002-chain.ts';
import { schedules } from './003-schedules.ts';

/** In order; the number of those applied is the file's `user_version`. One that was released is never edited: add the next. */
export const MIGRATIONS: readonly string[] = [events, chain, schedules];
