import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { AWAY_CHOICES } from '#shared/contract/schedules';
import type { Away, AwayChoice, AwaySchedule } from '#shared/contract/schedules';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { Button, Dialog, Segments, toastError } from '../ui/index.ts';
import { settleAway, tellSettled } from './actions.ts';
import { closeAway, useAway } from './away-state.ts';
import { canRun, choicesOf, chooseForAll, commonChoice, leftOut, stretchOf } from './away.ts';
import { awayText, choiceText, reasonText } from './text.ts';
import { zoneFormat } from './zone-format.ts';

/** Once, at the window's root: asks what becomes of the runs that were missed while nobody was there. */
export function AwayWatch() {
  const { away, closed } = useAway();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current && away === null) tellSettled();
    asked.current = away !== null;
  }, [away]);
  return away === null || closed ? null : <AwayDialog key={stretchOf(away)} away={away} />;
}

function AwayDialog({ away }: { readonly away: Away }) {
  const { t, f } = useText();
  const now = useNow(1000);
  const [chosen, setChosen] = useState<Readonly<Record<string, AwayChoice>>>({});
  const [busy, setBusy] = useState<'choices' | 'policies' | null>(null);
  const choices = choicesOf(away.schedules, chosen);
  const all = commonChoice(choices);
  const options = AWAY_CHOICES.map((value) => ({ value, label: t(choiceText[value]) }));
  const left = away.deadline - now;
  const settle = (which: 'choices' | 'policies'): void => {
    setBusy(which);
    settleAway(which === 'choices' ? choices : {}).catch((thrown: unknown) => {
      setBusy(null);
      toastError(thrown);
    });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => (open ? undefined : closeAway(away))}
      title={t(awayText.title)}
      description={t(
        awayText.missed,
        away.schedules.reduce((sum, one) => sum + one.count, 0),
        away.schedules.length,
      )}
      footer={
        <>
          <p role="timer" className="mr-auto self-center text-sm text-ink-2">
            {left > 0 ? t(awayText.countdown, f.duration(Math.ceil(left / 1000) * 1000)) : t(awayText.now)}
          </p>
          <Button busy={busy === 'policies'} disabled={busy !== null} onClick={() => settle('policies')}>
            {t(awayText.policies)}
          </Button>
          <Button variant="primary" autoFocus busy={busy === 'choices'} disabled={busy !== null} onClick={() => settle('choices')}>
            {t(awayText.decide)}
          </Button>
        </>
      }
    >
      {away.schedules.length < 2 ? null : (
        <div className="flex items-center justify-between gap-4 border-b border-line pb-3">
          <span className="text-sm font-medium">{t(awayText.forAll)}</span>
          <Segments<AwayChoice | 'mixed'> label={t(awayText.forAll)} options={options} value={all ?? 'mixed'} onValue={(next) => (next === 'mixed' ? undefined : setChosen(chooseForAll(away.schedules, next)))} />
        </div>
      )}
      <ul className="flex flex-col divide-y divide-line">
        {away.schedules.map((one) => (
          <li key={one.scheduleId} className="flex items-start justify-between gap-4 py-3 last:pb-0">
            <Missed missed={one} />
            {canRun(one) ? <Choice missed={one} choice={choices[one.scheduleId] ?? one.policy} onChoice={(next) => setChosen({ ...choices, [one.scheduleId]: next })} /> : null}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly missed: AwaySchedule;
  readonly choice: AwayChoice;
  readonly onChoice: (choice: AwayChoice) => void;
}

/** What becomes of it. Where only one can be run, all and the latest are the same. */
function Choice({ missed, choice, onChoice }: ChoiceProps) {
  const { t } = useText();
  const single = missed.count - missed.tooOld === 1;
  const options = single
    ? ([
        { value: 'latest', label: t(awayText.runIt) },
        { value: 'skip', label: t(choiceText.skip) },
      ] as const)
    : AWAY_CHOICES.map((value) => ({ value, label: t(choiceText[value]) }));
  return <Segments<AwayChoice> label={t(awayText.choose, missed.label === '' ? missed.workflowName : `${missed.workflowName}: ${missed.label}`)} options={options} value={single && choice === 'run' ? 'latest' : choice} onValue={onChoice} />;
}

/** What one schedule missed: how often, from when to when, and why. */
function Missed({ missed }: { readonly missed: AwaySchedule }) {
  const { t, language } = useText();
  const format = zoneFormat(language, missed.timeZone);
  const gap = leftOut(missed);
  const half = Math.ceil(missed.times.length / 2);
  const item = (at: number) => <li key={at}>{format.dayTime(at)}</li>;
  return (
    <div className="min-w-0 flex-1 text-sm">
      <p className="truncate font-medium">
        {missed.workflowName}
        {missed.label === '' ? null : <span className="font-normal text-ink-2"> {missed.label}</span>}
      </p>
      <details className="group/times">
        <summary className="flex w-fit items-center gap-1 rounded-sm text-ink-2 marker:content-none">
          <ChevronRight className="size-3.5 transition-transform group-open/times:rotate-90" />
          {t(awayText.times, missed.count)}
          {format.dayTime(missed.first)}
          {missed.count > 1 ? ` – ${format.day(missed.first) === format.day(missed.last) ? format.time(missed.last) : format.dayTime(missed.last)}` : null}
        </summary>
        <ul className="selectable mt-1 ml-4.5 max-h-40 columns-2 overflow-y-auto text-xs text-ink-2">
          {missed.times.slice(0, gap === 0 ? undefined : half).map(item)}
          {gap === 0 ? null : <li className="text-ink-3">{t(awayText.left, gap)}</li>}
          {gap === 0 ? null : missed.times.slice(half).map(item)}
        </ul>
      </details>
      <p className="text-xs text-ink-3">
        {t(reasonText[missed.reason])}
        {missed.tooOld === 0 ? null : <span className="text-interrupted"> · {t(awayText.tooOld, missed.tooOld)}</span>}
      </p>
    </div>
  );
}
