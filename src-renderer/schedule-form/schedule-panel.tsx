import { CalendarClock, ChevronDown, Plus, Trash2, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { describeSchedule } from '#shared/schedule/sentence';
import { problemText } from '#shared/workflow/problems';
import { change, useSession, useView } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { closeSchedule, openSchedule } from '../stores/view.ts';
import { Button, cx, DropdownMenu, IconButton } from '../ui/index.ts';
import { ScheduleFormContext, textAt } from './form.ts';
import type { ScheduleForm } from './form.ts';
import { addItem, ofKind, patchItem, placeOf, removeItem, replaceItem } from './items.ts';
import { NextTimes } from './next-times.tsx';
import { MoreFields, PolicyFields } from './policy-fields.tsx';
import { itemOf, PRESETS } from './presets.ts';
import type { Preset } from './presets.ts';
import { SCHEDULE_BUTTON } from './schedule-button.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { useOpenSchedules } from './use-schedules.ts';
import type { OpenSchedule } from './use-schedules.ts';
import { WhenFields } from './when-fields.tsx';
import { words } from './words.ts';
import { ownZone } from './zones.ts';

const PANEL = 'schedule-panel';
/** Keys go on from there, once it is on the screen. */
const focusOn = (id: string): void => void requestAnimationFrame(() => window.document.getElementById(id)?.focus({ preventScroll: true }));

/** The schedules of the workflow, in the inspector's place. */
export function SchedulePanel() {
  const { t, pick } = useText();
  const session = useSession();
  const { schedules, problems, running } = useOpenSchedules();
  const asked = useView((state) => state.schedule);
  const [opened] = useState(asked);
  useEffect(() => {
    // A field that somebody is led to has the focus already.
    if (opened?.field == null) focusOn(PANEL);
  }, [opened]);
  const index = Math.min(asked?.index ?? 0, schedules.length - 1);
  const chosen = schedules[index];
  const add = (preset: Preset): void => {
    change(session, 'schedule', (workflow) => addItem(workflow, itemOf(preset, ownZone())));
    openSchedule(session.view, schedules.length, preset.item['kind'] === 'watch' ? 'path' : 'kind');
  };
  const presets = PRESETS.map((preset) => ({ id: preset.id, label: pick(preset.text), onSelect: () => add(preset) }));
  return (
    <aside id={PANEL} tabIndex={-1} aria-label={t(words.schedule)} className="flex min-h-0 flex-1 flex-col bg-surface focus-visible:outline-none">
      <header className="flex h-12 shrink-0 items-center gap-1 px-4">
        <CalendarClock className="mr-1 size-4 text-ink-2" aria-hidden="true" />
        <h2 className="flex-1 text-md font-semibold">{t(words.schedule)}</h2>
        {chosen === undefined ? null : (
          <DropdownMenu entries={[{ kind: 'label', id: 'add', label: t(words.add) }, ...presets]}>
            <IconButton label={t(words.add)} icon={<Plus />} />
          </DropdownMenu>
        )}
        <IconButton
          label={t(words.close)}
          icon={<X />}
          onClick={() => {
            closeSchedule(session.view);
            focusOn(SCHEDULE_BUTTON);
          }}
        />
      </header>
      {schedules.length > 1 ? <Several schedules={schedules} index={index} /> : null}
      {chosen === undefined ? (
        <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
          <h3 className="text-sm font-semibold">{t(words.none)}</h3>
          <p className="mt-1 mb-3 text-sm text-ink-2">{t(words.noneText)}</p>
          <ul className="divide-y divide-line border-y border-line">
            {presets.map(({ id, label, onSelect }) => (
              <li key={id}>
                <button type="button" className="flex h-9 w-full items-center rounded-sm px-1 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2" onClick={onSelect}>
                  {label}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Form key={chosen.key} schedule={chosen} index={index} several={schedules.length > 1} problems={problems} running={running} />
      )}
    </aside>
  );
}

/** Which of several schedules the form shows. */
function Several({ schedules, index }: { readonly schedules: readonly OpenSchedule[]; readonly index: number }) {
  const { t, language } = useText();
  const session = useSession();
  return (
    <ul aria-label={t(words.which)} className="mx-4 mb-2 max-h-40 shrink-0 divide-y divide-line overflow-y-auto rounded-lg border border-line">
      {schedules.map(({ key, item, definition, view }, n) => {
        const label = textAt(item, 'label');
        const tone = definition === null ? 'bg-failed' : !definition.enabled ? 'bg-queued' : view?.paused != null ? 'bg-interrupted' : 'bg-completed';
        return (
          <li key={key}>
            <button
              type="button"
              aria-current={n === index}
              onClick={() => openSchedule(session.view, n)}
              className="flex h-8 w-full items-center gap-2 px-2.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 aria-[current=true]:bg-active aria-[current=true]:font-medium"
            >
              <span aria-hidden="true" className={cx('size-1.75 shrink-0 rounded-full', tone)} />
              <span className="truncate">{label === '' ? (definition === null ? t(words.nameless, n + 1) : describeSchedule(definition, language)) : label}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface FormProps {
  readonly schedule: OpenSchedule;
  readonly index: number;
  readonly several: boolean;
  readonly problems: ReturnType<typeof useOpenSchedules>['problems'];
  readonly running: boolean | undefined;
}

/** Keys that have a control, which says what is wrong with them. */
const SHOWN: ReadonlySet<string> = new Set('kind expression timeZone every phase at path glob events settleMs days gap repeat overlap misfire misfireMax pauseOnFailure graceSeconds catchupWindow jitterSeconds startAt endAt remainingRuns label key note'.split(' '));

/** How many of its runs are used up: another number of runs begins anew. */
const firesOf = ({ definition, view }: OpenSchedule): number => (view === undefined || view.definition.policy.remainingRuns !== definition?.policy.remainingRuns ? 0 : view.fires);

function Form({ schedule, index, several, problems, running }: FormProps) {
  const { t, pick, language } = useText();
  const session = useSession();
  const now = useNow(15_000);
  const box = useRef<HTMLDivElement>(null);
  const asked = useView((state) => state.schedule);
  const { item, definition } = schedule;
  const mine = useMemo(() => {
    const found = problems.flatMap((one) => {
      const place = placeOf(one);
      return place === null || place.index !== index ? [] : [{ field: place.field, severity: one.severity, ...problemText(one, language) }];
    });
    return { found, other: found.filter(({ field }) => field === null || !SHOWN.has(field.replace(/[[.].*$/u, ''))).map(({ message, remedy }) => `${message} ${remedy}`.trim()) };
  }, [problems, index, language]);
  const form = useMemo(
    (): ScheduleForm => ({
      item,
      definition,
      now,
      put: (patch, about) => change(session, 'schedule', (workflow) => patchItem(workflow, index, patch), `schedule/${schedule.key}.${about}`),
      replace: (next) => change(session, 'schedule', (workflow) => replaceItem(workflow, index, next)),
      problemAt: (field) => mine.found.find((one) => one.field === field || one.field?.startsWith(`${field}[`) === true) ?? null,
    }),
    [item, definition, now, session, index, schedule.key, mine],
  );
  const field = asked?.field?.replace(/[[.].*$/u, '') ?? null;
  useEffect(() => {
    if (field === null) return;
    session.view.setState((state) => ({ schedule: state.schedule === null ? null : { ...state.schedule, field: null } }));
    const place = box.current?.querySelector(`[data-field="${CSS.escape(field)}"]`);
    place?.scrollIntoView({ block: 'center' });
    place?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true });
  }, [field, session]);
  return (
    <ScheduleFormContext value={form}>
      <div ref={box} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 pb-5">
        <ScheduleCard schedule={schedule} running={running} other={mine.other} />
        <WhenFields />
        {definition === null ? null : <NextTimes definition={definition} fires={firesOf(schedule)} />}
        <PolicyFields />
        <MoreFields several={several} />
        <div className="flex items-center justify-between border-t border-line pt-4">
          <DropdownMenu align="start" entries={PRESETS.map((preset) => ({ id: preset.id, label: pick(preset.text), onSelect: () => form.replace({ ...ofKind(item, preset.item['kind'] === 'watch' ? 'watch' : preset.item['kind'] === 'delay' ? 'delay' : 'cron', ownZone(), now), ...preset.item }) }))}>
            <Button size="sm">
              {t(words.start)}
              <ChevronDown />
            </Button>
          </DropdownMenu>
          <Button
            size="sm"
            variant="ghost"
            icon={<Trash2 />}
            onClick={() => {
              change(session, 'schedule', (workflow) => removeItem(workflow, index));
              openSchedule(session.view, Math.max(0, index - 1));
              focusOn(PANEL);
            }}
          >
            {t(words.remove)}
          </Button>
        </div>
      </div>
    </ScheduleFormContext>
  );
}
