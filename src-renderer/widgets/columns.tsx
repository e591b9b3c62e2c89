import { X } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Input } from '../ui/index.ts';
import { Combobox } from './combobox.tsx';
import { placeholderOf, textOf, textsOf, useForm } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

/** One column of the input. */
export function ColumnWidget({ param, id, value, onChange, invalid }: WidgetProps<'column'>) {
  const { columns } = useForm();
  return <Combobox id={id} invalid={invalid} options={columns} placeholder={placeholderOf(param)} value={textOf(value)} onValue={(text) => onChange(text === '' ? undefined : text)} />;
}

function Chips({ items, onRemove, mono }: { readonly items: readonly string[]; readonly onRemove: (index: number) => void; readonly mono: boolean }) {
  const { t } = useText();
  if (items.length === 0) return null;
  return (
    <ul className="mb-1.5 flex flex-wrap gap-1">
      {items.map((item, index) => (
        <li key={`${item}-${String(index)}`} className="flex h-6 max-w-full items-center gap-0.5 rounded-md border border-line bg-sunken pr-0.5 pl-2 text-xs">
          <span className={mono ? 'truncate font-mono' : 'truncate'}>{item === '' ? '""' : item}</span>
          <button type="button" aria-label={`${t(words.remove)}: ${item}`} className="grid size-4.5 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink" onClick={() => onRemove(index)}>
            <X className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Several columns of the input, in order. */
export function ColumnsWidget({ id, value, onChange, invalid }: WidgetProps<'columns'>) {
  const { t } = useText();
  const { columns } = useForm();
  const [typed, setTyped] = useState('');
  const items = textsOf(value);
  const put = (next: readonly string[]): void => onChange(next.length === 0 ? undefined : next);
  return (
    <div>
      <Chips items={items} mono={false} onRemove={(index) => put(items.toSpliced(index, 1))} />
      <Combobox
        id={id}
        invalid={invalid}
        options={columns.filter((column) => !items.includes(column.name))}
        placeholder={t(words.addColumn)}
        value={typed}
        onValue={setTyped}
        onChoose={(name) => {
          if (!items.includes(name)) put([...items, name]);
          setTyped('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Backspace' && typed === '' && items.length > 0) put(items.slice(0, -1));
        }}
      />
    </div>
  );
}

/** Some of a few: switches side by side. They are kept in the order of the spec. */
function Choices({ options, items, onChange }: { readonly options: NonNullable<WidgetProps<'strings'>['widget']['options']>; readonly items: readonly string[]; readonly onChange: (items: readonly string[]) => void }) {
  const { pick } = useText();
  const known = options.map((option) => option.value);
  const toggle = (value: string): void => onChange(items.includes(value) ? items.filter((one) => one !== value) : [...known.filter((one) => one === value || items.includes(one)), ...items.filter((one) => !known.includes(one))]);
  const strange = items.filter((one) => !known.includes(one));
  return (
    <div className="flex flex-wrap gap-1">
      {[...options.map((option) => ({ value: option.value, label: pick(option.label) })), ...strange.map((value) => ({ value, label: value }))].map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={items.includes(value)}
          title={value}
          className="h-6 rounded-md border border-line-strong px-2 text-xs text-ink-2 transition-colors hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
          onClick={() => toggle(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** Texts typed one by one, or pasted line by line; where the spec names all there are, a choice among them. */
export function StringsWidget(props: WidgetProps<'strings'>) {
  const { widget, value, onChange } = props;
  if (widget.options === undefined) return <TypedStrings {...props} />;
  return <Choices options={widget.options} items={textsOf(value)} onChange={(next) => onChange(next.length === 0 ? undefined : [...next])} />;
}

function TypedStrings({ widget, param, id, value, onChange, invalid }: WidgetProps<'strings'>) {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const items = textsOf(value);
  const put = (next: readonly string[]): void => onChange(next.length === 0 ? undefined : next);
  const fallback = textsOf(param.default);
  return (
    <div>
      <Chips items={items} mono onRemove={(index) => put(items.toSpliced(index, 1))} />
      <Input
        id={id}
        aria-invalid={invalid}
        placeholder={items.length === 0 && fallback.length > 0 ? fallback.map((one) => (one === '' ? '""' : one)).join(', ') : (widget.placeholder ?? t(words.addValue))}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onPaste={(event) => {
          const lines = event.clipboardData.getData('text').split(/\r?\n/).filter((line) => line !== '');
          if (lines.length < 2) return;
          event.preventDefault();
          put([...items, ...lines]);
        }}
        onBlur={() => {
          if (typed !== '') put([...items, typed]);
          setTyped('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault();
            put([...items, typed]);
            setTyped('');
          } else if (event.key === 'Backspace' && typed === '' && items.length > 0) put(items.slice(0, -1));
        }}
      />
    </div>
  );
}
