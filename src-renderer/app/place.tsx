import type { ReactNode } from 'react';

interface PlaceProps {
  readonly title: ReactNode;
  /** Beside the title: a count, a state. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  /** A second row: search and filters. */
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
}

/** A place: its header, and below it what fills the window. */
export function PlaceFrame({ title, aside, actions, toolbar, children }: PlaceProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-5">
        <h1 className="min-w-0 truncate text-md font-semibold">{title}</h1>
        {aside}
        <div className="ml-auto flex items-center gap-2">{actions}</div>
      </header>
      {toolbar === undefined ? null : <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2">{toolbar}</div>}
      {children}
    </div>
  );
}
