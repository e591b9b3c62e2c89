import type { Command } from 'commander';
import { StudioError } from '#shared/errors';
import { dataDir, isJson, notEmpty, oneOf, text, whole, wholeNumber, withData, withJson } from './options.ts';
import type { Flags, Verbs } from './options.ts';

/** `scheduler`, and the verbs under `schedule`. */
export function addScheduleVerbs({ verb, spawn, end }: Verbs): void {
  const schedule = verb('schedule', 'Look at schedules, pause and resume them');
  withPreview(withJson(verb('preview', 'Say what a schedule means, when it runs, and what the clock does on those days', schedule)), end);
  withJson(withData(verb('list', 'List the schedules, and when each runs next', schedule))).action(async (flags: Flags) => end(await (await import('./schedule-list.ts')).list(dataDir(flags), isJson(flags))));
  withJson(withData(verb('history', 'Say what became of occurrences, newest first', schedule)))
    .argument('[schedule]', 'only of this one')
    .option('--limit <n>', 'so many at most', wholeNumber(1, 100_000), 100)
    .action(async (id: string | undefined, flags: Flags) => end(await (await import('./schedule-history.ts')).history(dataDir(flags), { id, limit: whole(flags, 'limit') ?? 100, json: isJson(flags) })));
  withJson(withData(verb('pause', 'Pause schedules', schedule)))
    .argument('<schedules...>', 'their ids, as `schedule list` says them')
    .option('--note <text>', 'why', '')
    .action(async (ids: string[], flags: Flags) => end(await (await import('./schedule-pause.ts')).pause(dataDir(flags), { ids, note: text(flags, 'note') ?? '', json: isJson(flags) }, Date.now())));
  withJson(withData(verb('resume', 'Let paused schedules go on, from now on', schedule)))
    .argument('<schedules...>', 'their ids, as `schedule list` says them')
    .action(async (ids: string[], flags: Flags) => end(await (await import('./schedule-pause.ts')).resume(dataDir(flags), { ids, json: isJson(flags) }, Date.now())));
  withData(verb('scheduler', 'Run the schedules of a data folder until Ctrl+C, without a window'))
    .option('--json', 'print one JSON object a line')
    .action(async (flags: Flags) => end(await (await import('./scheduler.ts')).scheduler({ dataDir: dataDir(flags), json: isJson(flags), spawn })));
}

function withPreview(preview: Command, end: Verbs['end']): void {
  preview
    .option('--cron <expression>', '5 or 6 fields, or @daily and the like', notEmpty)
    .option('--tz <zone>', 'the IANA time zone whose clock it follows')
    .option('--days <or|and>', 'where day of month and day of week are both given: either is enough, or both must match', oneOf(['or', 'and']), 'or')
    .option('--file <workflow>', 'the schedules of this workflow file instead')
    .option('--from <time>', 'from this ISO time on, without an offset on the clock of the zone (default: now)')
    .option('--count <n>', 'so many occurrences', wholeNumber(1, 10_000), 10)
    .action(async (flags: Flags) => {
      const options = { from: text(flags, 'from'), count: whole(flags, 'count') ?? 10, json: isJson(flags) };
      const [file, cron, timeZone] = [text(flags, 'file'), text(flags, 'cron'), text(flags, 'tz')];
      if (file !== undefined && (cron !== undefined || timeZone !== undefined)) throw new StudioError('invalid_input', '--file says the expression and the zone itself.', { place: '--file', remedy: 'Leave out --cron and --tz, or --file.' });
      if (file === undefined && cron === undefined) throw new StudioError('invalid_input', 'There is nothing to preview.', { place: '--cron', remedy: 'Give --cron with --tz, or --file.' });
      if (file === undefined && timeZone === undefined) throw new StudioError('invalid_input', 'The time zone is missing.', { place: '--tz', remedy: 'Give an IANA name such as Europe/Zurich or UTC.' });
      const { previewCron, previewFile } = await import('./schedule-preview.ts');
      end(file === undefined ? previewCron({ ...options, cron: cron ?? '', timeZone: timeZone ?? '', days: text(flags, 'days') ?? 'or' }, Date.now()) : previewFile(file, options, Date.now()));
    });
}
