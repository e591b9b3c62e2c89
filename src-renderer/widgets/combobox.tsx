import { useId, useRef, useState } from 'react';
import type { Column } from '#shared/data';
import { cx, Input } from '../ui/index.ts';

interface ComboboxProps {
  readonly id?: string;
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** An entry was chosen, or Enter pressed. */
  readonly onChoose?: (value: string) => void;
  readonly options: readonly Column[];
  readonly placeholder?: string | undefined;
  readonly invalid?: boolean;
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLInputElement>) => void;
  readonly className?: string;
}

/** A text that may be one of the known columns: they are offered, anything else is allowed. */
export function Combobox({ id, label, value, onValue, onChoose, options, placeholder, invalid = false, onKeyDown, className }: ComboboxProps) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const [cursor, setCursor] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const exact = options.some((option) => option.name === value);
  const found = exact || value === '' ? options : options.filter((option) => option.name.toLowerCase().includes(value.toLowerCase()));
  const choose = (name: string): void => {
    (onChoose ?? onValue)(name);
    setOpen(false);
    setCursor(-1);
  };
  return (
    <div className={cx('relative', className)}>
      <Input
        ref={input}
        id={id}
        role="combobox"
        aria-label={label}
        aria-expanded={open && found.length > 0}
        aria-controls={list}
        aria-invalid={invalid}
        aria-autocomplete="list"
        placeholder={placeholder}
        value={value}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          onValue(event.target.value);
          // Typed to the end: nothing is left to offer.
          setOpen(!options.some((option) => option.name === event.target.value));
          setCursor(-1);
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0 && found.length > 0) {
            event.preventDefault();
            setOpen(true);
            setCursor((cursor + step + found.length) % found.length);
          } else if (event.key === 'Enter') {
            const option = open ? found[cursor] : undefined;
            if (option !== undefined) choose(option.name);
            else if (value !== '') choose(value);
            event.preventDefault();
          } else if (event.key === 'Escape' && open) {
            event.stopPropagation();
            setOpen(false);
          } else onKeyDown?.(event);
        }}
      />
      {open && found.length > 0 ? (
        <ul id={list} role="listbox" className="absolute inset-x-0 top-full z-20 mt-1 max-h-56 overflow-y-auto rounded-lg bg-raised p-1 shadow-high">
          {found.map((option, index) => (
            <li
              key={option.name}
              role="option"
              aria-selected={index === cursor}
              className="flex h-7 items-center justify-between gap-3 rounded-md px-2 text-sm hover:bg-hover aria-selected:bg-hover"
              onPointerDown={(event) => {
                event.preventDefault();
                choose(option.name);
              }}
            >
              <span className="truncate">{option.name}</span>
              <span className="shrink-0 font-mono text-2xs text-ink-3">{option.type}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
