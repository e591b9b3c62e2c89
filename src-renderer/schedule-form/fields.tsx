import { useState } from 'react';
import type { ReactNode } from 'react';
import { spanMs } from '#shared/schedule/schedule';
import { readDuration, writeDuration } from '../inspector/duration.ts';
import { SwitchField, TypedField, WholeField } from '../inspector/typed-field.tsx';
import type { Text } from '#shared/node-spec';
import { useText } from '../i18n/use-text.ts';
import { Field, Input, Select } from '../ui/index.ts';
import { optionAt, textAt, useScheduleForm, zoneAt } from './form.ts';
import { instantText } from '#shared/schedule/instant';
import { spanText } from './span.ts';
import { instantIn, wallOf } from './wall.ts';
import { words } from './words.ts';

/** The id of the control of a key. */
export const idOf = (name: string): string => `schedule-${name}`;

/** What stands below a control: a mistake as the error, a doubt instead of the help. */
export interface Below {
  readonly error: ReactNode;
  readonly help: ReactNode;
  readonly invalid: true | undefined;
}

/** What is wrong with a key, or else what it is for. */
export function useBelow(name: string, help?: ReactNode): Below {
  const problem = useScheduleForm().problemAt(name);
  if (problem === null) return { error: null, help, invalid: undefined };
  const remedy = problem.remedy === '' ? null : <span className="text-ink-2">{problem.remedy}</span>;
  if (problem.severity === 'error') return { error: <>{problem.message} {remedy}</>, help, invalid: true };
  return { error: null, help: <span className="text-interrupted">{problem.message} {remedy}</span>, invalid: undefined };
}

/** A place that problems lead to. */
export const Place = ({ name, className, children }: { readonly name: string; readonly className?: string; readonly children: ReactNode }) => (
  <div data-field={name} className={className}>
    {children}
  </div>
);

interface OfKey {
  readonly name: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly placeholder?: string;
}

/** One line of text. */
export function TextField({ name, label, help, placeholder, mono = false }: OfKey & { readonly mono?: boolean }) {
  const { item, put } = useScheduleForm();
  const below = useBelow(name, help);
  return (
    <Place name={name}>
      <Field label={label} htmlFor={idOf(name)} help={below.help} error={below.error}>
        <Input
          id={idOf(name)}
          className={mono ? 'font-mono text-xs' : ''}
          aria-invalid={below.invalid}
          placeholder={placeholder}
          value={textAt(item, name)}
          onChange={(event) => put({ [name]: event.target.value === '' ? undefined : event.target.value }, name)}
        />
      </Field>
    </Place>
  );
}

interface OptionProps<V extends string> extends OfKey {
  readonly texts: Readonly<Record<V, Text>>;
  readonly order: readonly V[];
}

/** One of a few; the first is what holds where nothing is said. */
export function OptionField<V extends string>({ name, label, help, texts, order }: OptionProps<V>) {
  const { pick } = useText();
  const { item, put } = useScheduleForm();
  const below = useBelow(name, help);
  const [standard] = order;
  if (standard === undefined) return null;
  return (
    <Place name={name}>
      <Field label={label} htmlFor={idOf(name)} help={below.help} error={below.error}>
        <Select id={idOf(name)} invalid={below.invalid === true} value={optionAt(item, name, order, standard)} onValue={(value) => put({ [name]: value }, name)} options={order.map((value) => ({ value, label: pick(texts[value]) }))} />
      </Field>
    </Place>
  );
}

interface SpanProps extends OfKey {
  /** What holds where nothing is said, in ms; shown as the placeholder. */
  readonly standard?: number;
  readonly least: number;
  readonly most?: number;
  /** How the file says it: 15m, or a number of this many milliseconds. */
  readonly unit?: number;
}

/** A length of time, typed as a person says it. */
export function SpanField({ name, label, help, standard, least, most = Infinity, unit }: SpanProps) {
  const { t, language } = useText();
  const { item, put } = useScheduleForm();
  const below = useBelow(name, help);
  const raw = item[name];
  const ms = typeof raw === 'number' && unit !== undefined ? raw * unit : typeof raw === 'string' ? (spanMs(raw) ?? undefined) : undefined;
  const read = (text: string): number | null | undefined => {
    const typed = readDuration(text);
    return typeof typed !== 'number' || (typed >= least && typed <= most && typed % (unit ?? 1000) === 0) ? typed : undefined;
  };
  return (
    <Place name={name}>
      <TypedField
        id={idOf(name)}
        label={label}
        value={ms}
        read={read}
        write={(value) => writeDuration(value, language)}
        onValue={(value) => put({ [name]: value === undefined ? undefined : unit === undefined ? spanText(value) : value / unit }, name)}
        bad={t(words.badSpan)}
        help={below.error === null ? below.help : <Wrong>{below.error}</Wrong>}
        {...(standard === undefined ? {} : { placeholder: writeDuration(standard, language) })}
      />
    </Place>
  );
}

const Wrong = ({ children }: { readonly children: ReactNode }) => (
  <span role="alert" className="text-failed">
    {children}
  </span>
);

/** A whole number. */
export function CountField({ name, label, help, placeholder, least, most }: OfKey & { readonly least: number; readonly most: number }) {
  const { item, put } = useScheduleForm();
  const below = useBelow(name, help);
  const value = item[name];
  return (
    <Place name={name}>
      <WholeField
        id={idOf(name)}
        label={label}
        least={least}
        most={most}
        value={typeof value === 'number' ? value : undefined}
        onValue={(next) => put({ [name]: next }, name)}
        help={below.error === null ? below.help : <Wrong>{below.error}</Wrong>}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
    </Place>
  );
}

/** Yes or no. */
export function FlagField({ name, label, help }: OfKey) {
  const { item, put } = useScheduleForm();
  const below = useBelow(name, help);
  return (
    <Place name={name}>
      <SwitchField id={idOf(name)} label={label} help={below.error === null ? below.help : <Wrong>{below.error}</Wrong>} checked={item[name] === true} onChecked={(checked) => put({ [name]: checked ? true : undefined }, name)} />
    </Place>
  );
}

/** A date and time on the clock of the schedule's zone. What is half typed changes nothing. */
export function InstantField({ name, label, help }: OfKey) {
  const form = useScheduleForm();
  const below = useBelow(name, help);
  const [typed, setTyped] = useState<string | null>(null);
  const zone = zoneAt(form);
  const raw = form.item[name];
  const at = typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
  const shown = Number.isNaN(at) ? '' : wallOf(zone, at);
  return (
    <Place name={name}>
      <Field label={label} htmlFor={idOf(name)} help={below.help} error={below.error}>
        <Input
          id={idOf(name)}
          type="datetime-local"
          aria-invalid={below.invalid}
          value={typed ?? shown}
          onChange={(event) => {
            setTyped(event.target.value);
            const instant = instantIn(zone, event.target.value);
            if (instant !== null) form.put({ [name]: instantText(instant) }, name);
          }}
          onBlur={() => {
            if (typed === '' && shown !== '') form.put({ [name]: undefined }, name);
            setTyped(null);
          }}
        />
      </Field>
    </Place>
  );
}
