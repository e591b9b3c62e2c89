import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface Tab<V extends string> {
  readonly value: V;
  readonly label: string;
  /** A number or a mark behind the label. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps<V extends string> {
  readonly tabs: readonly Tab<V>[];
  readonly value: V;
  readonly onValue: (value: V) => void;
  readonly label: string;
  /** At the right end of the bar. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Tabs that fill their parent: the bar on top, the chosen content below it. */
export function Tabs<V extends string>({ tabs, value, onValue, label, actions, className }: TabsProps<V>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onValue(next as V)} className={cx('flex min-h-0 flex-1 flex-col', className)}>
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <Radix.List aria-label={label} className="flex h-full gap-0.5">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className="relative inline-flex items-center gap-1.5 rounded-md px-2 text-sm text-ink-2 after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:after:bg-accent"
            >
              {tab.label}
              {tab.badge}
            </Radix.Trigger>
          ))}
        </Radix.List>
        <div className="ml-auto flex items-center gap-1">{actions}</div>
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="flex min-h-0 flex-1 flex-col focus-visible:-outline-offset-2 data-[state=inactive]:hidden">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

interface SegmentsProps<V extends string> {
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly value: V;
  readonly onValue: (value: V) => void;
  readonly label: string;
}

/** A choice of two to four that are all visible. */
export function Segments<V extends string>({ options, value, onValue, label }: SegmentsProps<V>) {
  return (
    <div role="radiogroup" aria-label={label} className="inline-flex rounded-md border border-line bg-sunken p-0.5">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          onClick={() => onValue(option.value)}
          className="h-6 rounded-sm px-2.5 text-sm text-ink-2 hover:text-ink aria-checked:bg-raised aria-checked:font-medium aria-checked:text-ink aria-checked:shadow-low"
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
