import type { ConnectionKind } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';

/** The sign of a kind. */
export function KindIcon({ kind, className }: { readonly kind: ConnectionKind; readonly className?: string }) {
  return (
    <span className={cx('grid size-8 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-text', className)}>
      <NodeIcon name={connectionSpecs[kind].icon} className="size-4.25" />
    </span>
  );
}

/** What a new connection may lead to. Arrow keys walk the choices. */
export function KindChoice({ kinds, onKind }: { readonly kinds: readonly ConnectionKind[]; readonly onKind: (kind: ConnectionKind) => void }) {
  const { pick } = useText();
  return (
    <ul
      className="grid grid-cols-2 gap-2"
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -2, ArrowDown: 2 }[event.key];
        if (step === undefined) return;
        const buttons = [...event.currentTarget.querySelectorAll('button')];
        event.preventDefault();
        buttons[buttons.indexOf(event.target as HTMLButtonElement) + step]?.focus();
      }}
    >
      {kinds.map((kind, index) => (
        <li key={kind}>
          <button
            type="button"
            autoFocus={index === 0}
            onClick={() => onKind(kind)}
            className="flex h-full w-full items-start gap-3 rounded-lg border border-line bg-surface px-3 py-2.5 text-left transition-colors hover:border-line-strong hover:bg-hover"
          >
            <KindIcon kind={kind} />
            <span className="min-w-0">
              <span className="block font-medium">{pick(connectionSpecs[kind].label)}</span>
              <span className="block text-xs text-ink-2">{pick(connectionSpecs[kind].summary)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
