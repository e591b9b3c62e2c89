import { useState } from 'react';
import { readCron } from '#shared/schedule/cron-expression';
import { useText } from '../i18n/use-text.ts';
import { cx, Field, Segments, Select } from '../ui/index.ts';
import { readPattern, turnedInto, writePattern } from './builder.ts';
import { BuilderFields, TimeField } from './builder-fields.tsx';
import { ExpressionField } from './expression-field.tsx';
import { InstantField, OptionField, Place, SpanField, idOf, useBelow } from './fields.tsx';
import { optionAt, textAt, useScheduleForm } from './form.ts';
import type { ScheduleForm } from './form.ts';
import { ofKind } from './items.ts';
import { WatchFields } from './watch-fields.tsx';
import { choiceText, words } from './words.ts';
import type { Choice } from './words.ts';
import { ZoneField } from './zone-field.tsx';
import { ownZone } from './zones.ts';

const CHOICES: readonly Choice[] = ['minutes', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'custom', 'interval', 'delay', 'once', 'watch', 'manual'];
const OTHERS: readonly Choice[] = ['interval', 'delay', 'once', 'watch', 'manual'];

/** What the first field shows of a schedule. */
function choiceOf({ item }: Pick<ScheduleForm, 'item'>): Choice | null {
  const kind = textAt(item, 'kind');
  if (kind === 'cron') return readPattern(textAt(item, 'expression'))?.kind ?? 'custom';
  return OTHERS.find((one) => one === kind) ?? null;
}

/** When it runs: a choice, its controls, and for cron the expression itself, each following the other. */
export function WhenFields() {
  const { t, pick } = useText();
  const form = useScheduleForm();
  const below = useBelow('kind');
  // Asked for the expression alone, though it is a pattern that the builder knows.
  const [byHand, setByHand] = useState(false);
  const { item, now, put, replace } = form;
  const found = choiceOf(form);
  const isCron = item['kind'] === 'cron';
  const choice = byHand && isCron ? 'custom' : found;
  const pattern = choice === 'custom' || !isCron ? null : readPattern(textAt(item, 'expression'));
  const timed = pattern !== null && 'time' in pattern ? pattern : null;
  const choose = (next: Choice): void => {
    setByHand(next === 'custom');
    if (next === 'custom') {
      if (!isCron) replace(ofKind(item, 'cron', ownZone(), now));
      requestAnimationFrame(() => window.document.getElementById(idOf('expression'))?.focus());
    } else if (next === 'interval' || next === 'delay' || next === 'once' || next === 'watch' || next === 'manual') replace(ofKind(item, next, ownZone(), now));
    else {
      const expression = writePattern(turnedInto(next, readPattern(textAt(item, 'expression'))));
      if (isCron) put({ expression }, 'choice');
      else replace({ ...ofKind(item, 'cron', ownZone(), now), expression });
    }
  };
  return (
    <div className="flex flex-col gap-3.5">
      <div className={cx('grid items-start gap-3', timed === null ? 'grid-cols-1' : 'grid-cols-[1fr_88px]')}>
        <Place name="kind">
          <Field label={t(words.runs)} htmlFor={idOf('kind')} help={below.help} error={below.error}>
            <Select id={idOf('kind')} value={choice ?? ''} onValue={(next) => (next === '' ? undefined : choose(next))} options={CHOICES.map((one) => ({ value: one, label: pick(choiceText[one]) }))} />
          </Field>
        </Place>
        {timed === null ? null : <TimeField key={timed.kind} pattern={timed} />}
      </div>
      {pattern === null ? null : <BuilderFields key={pattern.kind} pattern={pattern} />}
      {isCron ? <CronRest /> : <Rest kind={found} />}
      {found === 'manual' || found === null ? null : <ZoneField />}
    </div>
  );
}

function CronRest() {
  const { t } = useText();
  const { item, put } = useScheduleForm();
  return (
    <>
      <ExpressionField />
      {restrictsBothDays(textAt(item, 'expression')) ? (
        <Place name="days">
          <Field label={t(words.bothDays)}>
            <div>
              <Segments
                label={t(words.bothDays)}
                value={optionAt(item, 'days', ['or', 'and'], 'or')}
                onValue={(days) => put({ days }, 'days')}
                options={[
                  { value: 'or', label: t(words.daysOr) },
                  { value: 'and', label: t(words.daysAnd) },
                ]}
              />
            </div>
          </Field>
        </Place>
      ) : null}
    </>
  );
}

/** Does an expression say something of both? Only then does OR or AND make a difference. */
function restrictsBothDays(expression: string): boolean {
  const fields = expression.trim().split(/\s+/u);
  return fields.length >= 5 && ![fields.at(-3), fields.at(-1)].some((field) => field === '*' || field === '?');
}

function Rest({ kind }: { readonly kind: Choice | null }) {
  const { t } = useText();
  if (kind === 'interval') {
    return (
      <div className="grid grid-cols-2 items-start gap-3">
        <SpanField name="every" label={t(words.every)} help={t(words.everyHelp)} least={1000} />
        <SpanField name="phase" label={t(words.phase)} help={t(words.phaseHelp)} standard={0} least={0} />
      </div>
    );
  }
  if (kind === 'delay') return <SpanField name="every" label={t(words.after)} help={t(words.afterHelp)} least={1000} />;
  if (kind === 'once') return <InstantField name="at" label={t(words.once)} />;
  return kind === 'watch' ? <WatchFields /> : null;
}

/** What the clock's changes do to a cron schedule; without effect where every hour runs as it comes. */
export function ClockChangeFields() {
  const { t } = useText();
  const { item, definition } = useScheduleForm();
  if (item['kind'] !== 'cron') return null;
  if (definition?.times.kind === 'cron' && readCron(definition.times.expression, definition.times.days).everyHour) return <p className="text-xs text-ink-3">{t(words.elapsedHelp)}</p>;
  return (
    <>
      <OptionField name="gap" label={t(words.gap)} order={['nextValid', 'skip']} texts={{ nextValid: words.gapNext, skip: words.gapSkip }} />
      <OptionField name="repeat" label={t(words.repeat)} order={['first', 'second', 'both']} texts={{ first: words.repeatFirst, second: words.repeatSecond, both: words.repeatBoth }} />
    </>
  );
}
