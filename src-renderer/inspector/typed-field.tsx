import { useState } from 'react';
import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Field, Input, Switch } from '../ui/index.ts';
import { readDuration, writeDuration } from './duration.ts';
import { words } from './words.ts';

interface TypedFieldProps<V> {
  readonly id: string;
  readonly label: string;
  readonly value: V | undefined;
  /** null is nothing, undefined a text that can't be taken. */
  readonly read: (text: string) => V | null | undefined;
  readonly write: (value: V) => string;
  readonly onValue: (value: V | undefined) => void;
  /** What is wrong with a text that can't be taken. */
  readonly bad: string;
  readonly help?: ReactNode;
  readonly placeholder?: string;
}

/** A value typed as text. What can be read counts at once; what can't is told when the field is left, and changes nothing. */
export function TypedField<V>({ id, label, value, read, write, onValue, bad, help, placeholder }: TypedFieldProps<V>) {
  const [typed, setTyped] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  const wrong = typed !== null && read(typed) === undefined;
  const settle = (): void => {
    setLeft(true);
    if (!wrong) setTyped(null);
  };
  return (
    <Field label={label} htmlFor={id} help={help} error={wrong && left ? bad : null}>
      <Input
        id={id}
        value={typed ?? (value === undefined ? '' : write(value))}
        placeholder={placeholder}
        aria-invalid={(wrong && left) || undefined}
        onChange={(event) => {
          const text = event.target.value;
          const next = read(text);
          setTyped(text);
          setLeft(false);
          if (next !== undefined) onValue(next ?? undefined);
        }}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    </Field>
  );
}

type OfValue<V> = Pick<TypedFieldProps<V>, 'id' | 'label' | 'value' | 'onValue' | 'help' | 'placeholder'>;

/** Milliseconds, typed as a person says them: `90 s`, `5 min`. */
export function DurationField({ least = 1, ...rest }: OfValue<number> & { readonly least?: number }) {
  const { t, language } = useText();
  const read = (text: string): number | null | undefined => {
    const ms = readDuration(text);
    return typeof ms === 'number' && ms < least ? undefined : ms;
  };
  return <TypedField {...rest} read={read} write={(ms) => writeDuration(ms, language)} bad={t(words.badDuration)} />;
}

/** A whole number from `least` to `most`. */
export function WholeField({ least, most, ...rest }: OfValue<number> & { readonly least: number; readonly most: number }) {
  const { t } = useText();
  const read = (text: string): number | null | undefined => {
    const trimmed = text.trim().replace('−', '-');
    if (trimmed === '') return null;
    return /^-?\d{1,12}$/.test(trimmed) && Number(trimmed) >= least && Number(trimmed) <= most ? Number(trimmed) : undefined;
  };
  return <TypedField {...rest} read={read} write={String} bad={t(words.badWhole, least, most)} />;
}

interface SwitchFieldProps {
  readonly id: string;
  readonly label: string;
  readonly help: ReactNode;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
}

/** Yes or no, with a sentence that says what yes means. */
export function SwitchField({ id, label, help, checked, onChecked }: SwitchFieldProps) {
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-xs font-medium text-ink-2">
          {label}
        </label>
        <Switch id={id} checked={checked} onChecked={onChecked} />
      </div>
      <p className="text-xs text-ink-3">{help}</p>
    </div>
  );
}
