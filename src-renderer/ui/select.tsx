import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { fieldLook } from './input.tsx';
import { itemClass, menuClass } from './menu-style.ts';

export interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

interface SelectProps<V extends string> {
  readonly value: V;
  readonly onValue: (value: V) => void;
  readonly options: readonly SelectOption<V>[];
  /** Read by screen readers; use `id` instead where a visible label names it. */
  readonly label?: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly className?: string;
}

/** One of a few. An option's value must not be the empty string. */
export function Select<V extends string>({ value, onValue, options, label, id, placeholder, disabled = false, invalid = false, className }: SelectProps<V>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onValue(next as V)} disabled={disabled}>
      <Radix.Trigger id={id} aria-label={label} aria-invalid={invalid || undefined} className={cx(fieldLook, 'flex h-7 items-center justify-between gap-1.5 text-left whitespace-nowrap data-placeholder:text-ink-3', className ?? 'w-full')}>
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-3.5 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content position="popper" sideOffset={4} collisionPadding={8} className={cx(menuClass, 'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)')}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} disabled={option.disabled === true} className={itemClass}>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator className="ml-auto pl-3">
                  <Check className="size-3.5 text-accent-text" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
