import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do next. */
  readonly actions?: ReactNode;
}

/** Nothing here yet: says why, and offers the way on. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="grid h-full min-h-0 flex-1 place-items-center p-6">
      <div className="flex max-w-96 flex-col items-center gap-1.5 text-center">
        {icon === undefined ? null : <div className="mb-1 text-ink-3 [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div>}
        <h2 className="text-md font-medium">{title}</h2>
        {children === undefined ? null : <div className="text-sm text-ink-2">{children}</div>}
        {actions === undefined ? null : <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
      </div>
    </div>
  );
}
