import { useState } from 'react';
import type { ReactNode } from 'react';
import { Input } from '../ui/input.tsx';

/** A group of settings under its heading. */
export function Section({ title, help, children }: { readonly title: string; readonly help?: string; readonly children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="text-md font-semibold">{title}</h2>
      {help === undefined ? null : <p className="mt-0.5 text-xs text-ink-2">{help}</p>}
      <div className="mt-2 divide-y divide-line border-y border-line">{children}</div>
    </section>
  );
}

interface LineProps {
  readonly label: string;
  readonly help: string;
  readonly id?: string;
  readonly children: ReactNode;
}

/** One setting: what it is, what it means, its control. */
export function Line({ label, help, id, children }: LineProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-8 py-3.5">
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p className="mt-0.5 text-xs text-ink-2">{help}</p>
      </div>
      <div className="flex min-w-0 justify-end">{children}</div>
    </div>
  );
}

interface TypedProps<V> {
  readonly id: string;
  readonly value: string;
  /** undefined is a text that cannot be taken. */
  readonly read: (text: string) => V | undefined;
  readonly bad: string;
  readonly onSave: (value: V) => void;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly mono?: boolean;
}

/** A typed setting: saved when it is left or Enter is pressed, given back by Escape. */
export function Typed<V>({ id, value, read, bad, onSave, placeholder, unit, mono = false }: TypedProps<V>) {
  const [text, setText] = useState(value);
  const taken = read(text);
  const save = (): void => {
    if (text !== value && taken !== undefined) onSave(taken);
  };
  return (
    <div className={mono ? 'min-w-0 flex-1' : 'w-40'}>
      <div className="relative">
        <Input
          id={id}
          value={text}
          placeholder={placeholder}
          aria-invalid={taken === undefined || undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
            if (event.key === 'Escape') setText(value);
          }}
          className={mono ? 'font-mono text-xs' : unit === undefined ? '' : 'pr-11'}
        />
        {unit === undefined || text === '' ? null : <span className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-xs text-ink-3">{unit}</span>}
      </div>
      {taken === undefined ? (
        <p role="alert" className="mt-1 text-xs text-failed">
          {bad}
        </p>
      ) : null}
    </div>
  );
}
