import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-75 disabled:opacity-45 [&_svg]:size-3.5 [&_svg]:shrink-0';
const variants = {
  primary: 'bg-accent text-accent-ink enabled:hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-surface text-ink shadow-low enabled:hover:bg-hover aria-expanded:bg-hover',
  ghost: 'text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink',
  danger: 'bg-danger text-danger-ink enabled:hover:bg-danger-hover',
} as const;
const sizes = { sm: 'h-6 px-2 text-xs', md: 'h-7 px-2.5 text-sm', lg: 'h-8 px-3 text-base' } as const;

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: keyof typeof variants;
  readonly size?: keyof typeof sizes;
  readonly icon?: ReactNode;
  /** Shows a spinner and refuses clicks. */
  readonly busy?: boolean;
}

/** The button. One `primary` a view at most. */
export function Button({ variant = 'secondary', size = 'md', icon, busy = false, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} disabled={disabled === true || busy} aria-busy={busy || undefined} className={cx(base, variants[variant], sizes[size], className)}>
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

const squares = { sm: 'size-6', md: 'size-7', lg: 'size-8' } as const;

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  /** Read by screen readers and shown as the tooltip. */
  readonly label: string;
  /** A key combination to show in the tooltip. */
  readonly keys?: string | undefined;
  readonly pressed?: boolean;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
}

/** A button that is only an icon: it cannot exist without a label. */
export function IconButton({ label, keys, pressed, side = 'bottom', variant = 'ghost', size = 'md', icon, busy = false, className, disabled, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys} side={side}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled === true || busy}
        className={cx(base, variants[variant], squares[size], 'aria-pressed:bg-active aria-pressed:text-ink [&_svg]:size-4', className)}
      >
        {busy ? <Spinner /> : icon}
      </button>
    </Tooltip>
  );
}
