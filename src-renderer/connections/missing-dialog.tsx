import { CircleCheck } from 'lucide-react';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ConnectionView } from '#shared/contract/connections';
import { useConnections } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, Dialog } from '../ui/index.ts';
import { closeMissing, newConnection } from './dialogs.ts';
import type { Missing } from './dialogs.ts';
import { KindIcon } from './kind-choice.tsx';
import { connectionText } from './text.ts';

type Needed = Missing['connections'][number];
const isThere = (needed: Needed, connections: readonly ConnectionView[]): boolean => connections.some((one) => one.name === needed.name && needed.kinds.includes(one.kind));

/** What workflows that have come from elsewhere need and this studio has not: each leads to its form, and waits here until all are set up. */
export function MissingDialog({ missing }: { readonly missing: readonly Missing[] }) {
  const { t } = useText();
  const connections = useConnections().data?.connections ?? [];
  const needed = missing.flatMap((one) => one.connections);
  const left = needed.filter((one) => !isThere(one, connections));
  const [first] = missing;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : closeMissing())}
      title={left.length === 0 ? t(connectionText.allThere) : t(connectionText.missingTitle, new Set(left.map((one) => one.name)).size)}
      description={missing.length === 1 && first !== undefined ? t(connectionText.missingText, first.workflow) : t(connectionText.missingTexts, missing.length)}
      footer={
        <Button variant={left.length === 0 ? 'primary' : 'secondary'} autoFocus={left.length === 0} onClick={closeMissing}>
          {t(left.length === 0 ? connectionText.done : connectionText.later)}
        </Button>
      }
    >
      {missing.map((one) => (
        <section key={one.id} className="mb-4 last:mb-0">
          {missing.length === 1 ? null : <h3 className="mb-1 truncate text-xs font-medium text-ink-2">{one.workflow}</h3>}
          <ul className="divide-y divide-line rounded-lg border border-line">
            {one.connections.map((needs) => (
              <NeededRow key={needs.name} needed={needs} connections={connections} />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

function NeededRow({ needed, connections }: { readonly needed: Needed; readonly connections: readonly ConnectionView[] }) {
  const { t, pick, f } = useText();
  const { name, kinds, labels } = needed;
  const [kind] = kinds;
  const other = connections.find((one) => one.name === name);
  const there = isThere(needed, connections);
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      {kind === undefined ? null : <KindIcon kind={kind} />}
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-xs text-ink-2">{f.either(kinds.map((one) => pick(connectionSpecs[one].label)))}</p>
        <p className="text-xs text-ink-3">{other !== undefined && !there ? t(connectionText.ofOtherKind, pick(connectionSpecs[other.kind].label)) : t(connectionText.neededBy, labels.join(', '))}</p>
      </div>
      {there ? (
        <span className="flex items-center gap-1.5 text-sm text-completed">
          <CircleCheck className="size-3.5" aria-hidden="true" />
          {t(connectionText.ready)}
        </span>
      ) : other === undefined && kind !== undefined ? (
        <Button size="sm" aria-label={t(connectionText.setUpOf, name)} onClick={() => newConnection({ kinds, name, onSaved: () => undefined })}>
          {t(connectionText.setUp)}
        </Button>
      ) : null}
    </li>
  );
}
