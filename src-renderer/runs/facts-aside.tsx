import type { ReactNode } from 'react';

interface FactsAsideProps {
  /** What it is about, for a screen reader. */
  readonly label: string;
  readonly title: string;
  /** Beside the title. */
  readonly marks?: ReactNode;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** The facts beside a run's graph: of the run, or of the node that is chosen. */
export function FactsAside({ label, title, marks, footer, children }: FactsAsideProps) {
  return (
    <aside aria-label={label} className="flex w-80 shrink-0 flex-col border-l border-line bg-surface text-sm">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1.5 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-medium">{title}</h2>
        {marks}
      </header>
      <div className="selectable flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-3 py-3">{children}</div>
      {footer === undefined ? null : <footer className="flex shrink-0 flex-col items-start gap-1 border-t border-line px-3 py-2.5">{footer}</footer>}
    </aside>
  );
}

/** Names on the left, values on the right. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="min-w-0 truncate text-ink-3">{name}</dt>
      <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
