import { Search, X } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

/** The look of everything that is typed into, whatever its width. */
export const fieldLook =
  'min-w-0 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink transition-colors hover:border-ink-3 focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus disabled:opacity-50 aria-invalid:border-failed aria-invalid:focus:outline-failed';
/** The same, as wide as its parent; the editor's fields use it too. */
export const fieldClass = `w-full ${fieldLook}`;

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input spellCheck={false} autoComplete="off" {...rest} className={cx(fieldClass, 'h-7', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea spellCheck={false} {...rest} className={cx(fieldClass, 'min-h-16 py-1.5 leading-5', className)} />;
}

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly label: string;
  readonly clearLabel: string;
}

/** Filters what is below it. Escape empties it. */
export function SearchInput({ value, onValue, label, clearLabel, className, ...rest }: SearchInputProps) {
  return (
    <div className={cx('relative', className)}>
      <Search className="pointer-events-none absolute top-1.75 left-2 size-3.5 text-ink-3" aria-hidden="true" />
      <Input
        {...rest}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={rest.placeholder ?? label}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.stopPropagation();
            onValue('');
          }
          rest.onKeyDown?.(event);
        }}
        className="pr-7 pl-7"
      />
      {value === '' ? null : (
        <button type="button" aria-label={clearLabel} onClick={() => onValue('')} className="absolute top-1 right-1 grid size-5 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink">
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}

interface FieldProps {
  readonly label: ReactNode;
  readonly htmlFor?: string;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  readonly children: ReactNode;
}

/** A label, a control, a sentence of help, and what is wrong with it. */
export function Field({ label, htmlFor, help, error, children }: FieldProps) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={htmlFor} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children}
      {error === undefined || error === null ? help === undefined ? null : <p className="text-xs text-ink-3">{help}</p> : <p role="alert" className="text-xs text-failed">{error}</p>}
    </div>
  );
}
