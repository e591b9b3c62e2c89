import type { ReactNode } from 'react';
import type { NodeStatus, RunStatus } from '#shared/run/run';
import { runStatusText } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { cx } from './cx.ts';
import { stateOf, stateStyles } from './state-style.ts';
import type { StateTone } from './state-style.ts';

interface BadgeProps {
  readonly tone?: StateTone | 'neutral' | 'accent';
  readonly children: ReactNode;
  readonly className?: string;
}

/** A word on a tinted ground. */
export function Badge({ tone = 'neutral', children, className }: BadgeProps) {
  const colours = tone === 'neutral' ? 'bg-active text-ink-2' : tone === 'accent' ? 'bg-accent-soft text-accent-text' : stateStyles[tone].badge;
  return <span className={cx('inline-flex h-5 items-center gap-1.5 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap', colours, className)}>{children}</span>;
}

/** A state's colour as a dot; a running one breathes. Say the state beside it, or give a label. */
export function StatusDot({ status, label, className }: { readonly status: RunStatus | NodeStatus; readonly label?: string; readonly className?: string }) {
  const tone = stateOf(status);
  return (
    <span
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      className={cx('inline-block size-2 shrink-0 rounded-full', stateStyles[tone].dot, tone === 'running' && 'animate-pulse-soft', className)}
    />
  );
}

/** A run's state in words and colour. */
export function RunStatusBadge({ status }: { readonly status: RunStatus }) {
  const { t } = useText();
  return (
    <Badge tone={stateOf(status)}>
      <StatusDot status={status} className="size-1.5" />
      {t(runStatusText[status])}
    </Badge>
  );
}
