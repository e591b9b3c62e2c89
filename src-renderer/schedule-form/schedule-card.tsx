import { Play } from 'lucide-react';
import { assertNever } from '#shared/errors';
import type { ScheduleId } from '#shared/ids';
import { describeSchedule } from '#shared/schedule/sentence';
import { keys, queryClient } from '../app/queries.ts';
import { useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import type { Speech } from '../i18n/use-text.ts';
import { Button, cx, Switch, toastError } from '../ui/index.ts';
import { TextField } from './fields.tsx';
import { useScheduleForm, zoneAt } from './form.ts';
import { standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { clockOf } from './time-text.ts';
import { words } from './words.ts';
import type { OpenSchedule } from './use-schedules.ts';

/** The colour of the dot before a standing. */
const DOTS: Readonly<Record<Standing['kind'], string>> = {
  broken: 'bg-failed',
  unsaved: 'bg-interrupted',
  saved: 'bg-queued',
  off: 'bg-queued',
  notHere: 'bg-queued',
  paused: 'bg-interrupted',
  next: 'bg-completed',
  waits: 'bg-completed',
  running: 'bg-running',
  manual: 'bg-completed',
  done: 'bg-queued',
};

function standingText(standing: Standing, { t, f }: Speech, zone: string, now: number): string {
  switch (standing.kind) {
    case 'broken':
      return t(standing.inForce ? words.cantReadOld : words.cantRead);
    case 'unsaved':
      return t(standing.inForce ? words.takesEffectOld : words.takesEffect);
    case 'saved':
      return t(words.savedNow);
    case 'off':
      return t(words.isOff);
    case 'waits':
      return t(words.waits);
    case 'running':
      return t(words.runningNow);
    case 'done':
      return t(words.done);
    case 'manual':
      return t(words.onlyByHand);
    case 'notHere':
      return t(words.notHere);
    case 'paused':
      return `${t(words.pausedBy[standing.by])}${standing.note === '' ? '' : t(words.noted, standing.note)}`;
    case 'next': {
      const clock = clockOf(f, zone);
      return t(words.nextRun, clock.day(standing.at, now), clock.time(standing.at));
    }
    default:
      return assertNever(standing);
  }
}

/** What the schedule means in a sentence, whether it is in force, and the switch. */
export function ScheduleCard({ schedule, running, other }: { readonly schedule: OpenSchedule; readonly running: boolean | undefined; readonly other: readonly string[] }) {
  const speech = useText();
  const { t, language } = speech;
  const form = useScheduleForm();
  const { definition, view } = schedule;
  const standing = standingOf({ definition, saved: schedule.saved, view, running });
  const enabled = form.item['enabled'] !== false;
  return (
    <div className="flex flex-col gap-3 rounded-lg bg-sunken px-3.5 py-3">
      <div className="flex items-start gap-3">
        <div aria-live="polite" className="min-w-0 flex-1">
          {definition === null ? null : <p className={cx('text-md leading-5 font-semibold', !enabled && 'text-ink-2')}>{describeSchedule(definition, language)}</p>}
          <p className={cx('flex gap-2 text-sm text-ink-2', definition !== null && 'mt-1')}>
            <span aria-hidden="true" className={cx('mt-1.5 size-1.75 shrink-0 rounded-full', DOTS[standing.kind])} />
            <span>{standingText(standing, speech, zoneAt(form), form.now)}</span>
          </p>
        </div>
        <Switch label={t(words.enabled)} checked={enabled} onChecked={(checked) => form.put({ enabled: checked ? undefined : false }, 'enabled')} />
      </div>
      {standing.kind === 'paused' && view !== undefined ? <Resume id={view.id} all={standing.by === 'all'} /> : null}
      {other.length === 0 ? null : (
        <ul className="flex flex-col gap-1 text-xs text-interrupted">
          {other.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
      {enabled ? null : <TextField name="note" label={t(words.why)} help={t(words.whyHelp)} />}
    </div>
  );
}

function Resume({ id, all }: { readonly id: ScheduleId; readonly all: boolean }) {
  const { t } = useText();
  const { client } = useSession();
  const resume = (): void => void (all ? client.schedules.resumeAll() : client.schedules.resume({ ids: [id] })).then(() => queryClient.invalidateQueries({ queryKey: keys.schedules }), toastError);
  return (
    <div className="pl-3.75">
      <Button size="sm" icon={<Play />} onClick={resume}>
        {t(all ? words.resumeAll : words.resume)}
      </Button>
    </div>
  );
}
