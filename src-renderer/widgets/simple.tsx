import { lazy, Suspense, useState } from 'react';
import { fieldClass, Input, Select, Switch, Textarea } from '../ui/index.ts';
import { useText } from '../i18n/use-text.ts';
import { placeholderOf, textOf } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

const CodeField = lazy(() => import('./code-field.tsx'));
const orNothing = (text: string): string | undefined => (text === '' ? undefined : text);

/** One line of text. */
export function TextWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'text'>) {
  return <Input id={id} aria-invalid={invalid} maxLength={widget.maxLength} placeholder={placeholderOf(param, widget.placeholder)} value={textOf(value)} onChange={(event) => onChange(orNothing(event.target.value))} />;
}

/** Several lines of text; in a language, an editor of it. */
export function MultilineWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'multiline'>) {
  const { pick } = useText();
  if (widget.language !== undefined) {
    return (
      <Suspense fallback={<div className={fieldClass} style={{ minHeight: 102 }} />}>
        <CodeField id={id} language={widget.language} label={pick(param.label)} value={textOf(value)} placeholder={placeholderOf(param, widget.placeholder)} invalid={invalid} minLines={5} onChange={(text) => onChange(orNothing(text))} />
      </Suspense>
    );
  }
  return <Textarea id={id} aria-invalid={invalid} rows={4} placeholder={placeholderOf(param, widget.placeholder)} value={textOf(value)} onChange={(event) => onChange(orNothing(event.target.value))} />;
}

/** A number; what is no number stays as typed, so that the check can say so. */
export function NumberWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'number'>) {
  const [typed, setTyped] = useState(textOf(value));
  // What comes from elsewhere (undo) replaces the text; "1." stays while it is typed.
  const text = typed.trim() !== '' && Number(typed) === value ? typed : textOf(value);
  return (
    <Input
      id={id}
      inputMode={widget.integer === true ? 'numeric' : 'decimal'}
      aria-invalid={invalid}
      placeholder={placeholderOf(param)}
      value={text}
      onChange={(event) => {
        const next = event.target.value;
        setTyped(next);
        if (next.trim() === '') onChange(undefined);
        else onChange(Number.isFinite(Number(next)) ? Number(next) : next);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        const now = typeof value === 'number' ? value : typeof param.default === 'number' ? param.default : 0;
        const next = now + (event.key === 'ArrowUp' ? 1 : -1) * (widget.step ?? 1) * (event.shiftKey ? 10 : 1);
        event.preventDefault();
        onChange(Math.min(widget.max ?? Infinity, Math.max(widget.min ?? -Infinity, Number(next.toPrecision(12)))));
      }}
    />
  );
}

/** Yes or no. Back at its default it leaves the file. */
export function BooleanWidget({ param, id, value, onChange }: WidgetProps<'boolean'>) {
  const standard = param.default === true;
  return <Switch id={id} checked={typeof value === 'boolean' ? value : standard} onChecked={(checked) => onChange(checked === standard ? undefined : checked)} />;
}

// A Radix item can't have an empty value, and an option may: so each carries a mark in front.
const mark = (value: string): string => `=${value}`;

/** One of a few. */
export function SelectWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'select'>) {
  const { pick, t } = useText();
  const shown = value ?? param.default;
  const options = [
    ...(param.default === undefined && param.required !== true ? [{ value: '', label: <span className="text-ink-3">{t(words.notSet)}</span> }] : []),
    ...widget.options.map((option) => ({ value: mark(option.value), label: pick(option.label) })),
    ...(typeof shown === 'string' && !widget.options.some((option) => option.value === shown) ? [{ value: mark(shown), label: shown }] : []),
  ].map((option) => (option.value === '' ? { ...option, value: '-' } : option));
  return (
    <Select
      id={id}
      invalid={invalid}
      value={shown === undefined || shown === null ? (param.required === true ? '' : '-') : mark(textOf(shown))}
      options={options}
      placeholder={t(words.notSet)}
      onValue={(next) => onChange(next === '-' || (next.slice(1) === param.default && param.default !== undefined) ? undefined : next.slice(1))}
    />
  );
}
