import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { fieldLook } from './input.tsx';
import { itemClass, menuClass, separatorClass } from './menu-style.ts';

export interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

/** Something to do instead of choosing. */
export interface SelectAction {
  /** No option's value. */
  readonly id: string;
  readonly label: ReactNode;
  readonly onSelect: () => void;
}

interface SelectProps<V extends string> {
  readonly value: V;
  readonly onValue: (value: V) => void;
  readonly options: readonly SelectOption<V>[];
  /** Below the options; done once the menu is closed and its button has the focus again. */
  readonly actions?: readonly SelectAction[];
  /** Read by screen readers; use `id` instead where a visible label names it. */
  readonly label?: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly className?: string;
}

/** One of a few. An option's value must not be the empty string. */
export function Select<V extends string>({ value, onValue, options, actions = [], label, id, placeholder, disabled = false, invalid = false, className }: SelectProps<V>) {
  const action = useRef<SelectAction | undefined>(undefined);
  const choose = (next: string): void => {
    action.current = actions.find((one) => one.id === next);
    if (action.current === undefined) onValue(next as V);
  };
  return (
    <Radix.Root value={value} onValueChange={choose} disabled={disabled}>
      <Radix.Trigger id={id} aria-label={label} aria-invalid={invalid || undefined} className={cx(fieldLook, 'flex h-7 items-center justify-between gap-1.5 text-left whitespace-nowrap data-placeholder:text-ink-3', className ?? 'w-full')}>
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-3.5 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={() => {
            if (action.current !== undefined) setTimeout(action.current.onSelect, 0);
            action.current = undefined;
          }}
          className={cx(menuClass, 'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)')}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} disabled={option.disabled === true} className={itemClass}>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator className="ml-auto pl-3">
                  <Check className="size-3.5 text-accent-text" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
            {actions.length === 0 || options.length === 0 ? null : <Radix.Separator className={separatorClass} />}
            {actions.map(({ id: name, label: text }) => (
              <Radix.Item key={name} value={name} className={itemClass}>
                <Radix.ItemText>{text}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
