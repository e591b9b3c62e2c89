import { Plug, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConnectionView, SecretStore } from '#shared/contract/connections';
import { Failure } from '../app/error-boundary.tsx';
import { PlaceFrame } from '../app/place.tsx';
import { useConnections } from '../app/queries.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, EmptyState, Spinner } from '../ui/index.ts';
import { ConnectionRow } from './connection-row.tsx';
import { newConnection } from './dialogs.ts';
import { StoreNotice } from './secret-store.tsx';
import { connectionText } from './text.ts';

interface ConnectionList {
  readonly connections: readonly ConnectionView[];
  readonly store: SecretStore;
}

/** Every connection: what it leads to, who uses it, whether it works; and where their secrets rest. */
export function ConnectionsView({ title, views }: { readonly title: string; readonly views: ReactNode }) {
  const { t } = useText();
  const { data, error, refetch } = useConnections('always');
  const add = (
    <Button variant="primary" icon={<Plus />} onClick={() => newConnection()}>
      {t(connectionText.new)}
    </Button>
  );
  const some = data !== undefined && data.connections.length > 0;
  return (
    <PlaceFrame
      title={title}
      aside={some ? <span className="text-sm text-ink-3">{t(connectionText.count, data.connections.length)}</span> : null}
      actions={
        <>
          {views}
          {some ? add : null}
        </>
      }
    >
      {data === undefined ? <NotYet error={error} onRetry={() => void refetch()} /> : <List {...data} add={add} />}
    </PlaceFrame>
  );
}

function NotYet({ error, onRetry }: { readonly error: Error | null; readonly onRetry: () => void }) {
  const { t } = useText();
  return error === null ? (
    <div role="status" aria-label={t(common.loading)} className="grid flex-1 place-items-center text-ink-3">
      <Spinner className="size-5" />
    </div>
  ) : (
    <Failure title={t(connectionText.failed)} thrown={error}>
      <Button variant="primary" onClick={onRetry}>
        {t(common.retry)}
      </Button>
    </Failure>
  );
}

function List({ connections, store, add }: ConnectionList & { readonly add: ReactNode }) {
  const { t } = useText();
  const loud = store.kind === 'refused' || store.kind === 'plain' || store.kind === 'broken';
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto flex min-h-full max-w-230 flex-col gap-5 px-8 py-6">
        {connections.length === 0 ? null : <p className="text-sm text-ink-2">{t(connectionText.intro)}</p>}
        {loud ? <StoreNotice store={store} /> : null}
        {connections.length === 0 ? (
          <EmptyState icon={<Plug />} title={t(connectionText.emptyTitle)} actions={add}>
            {t(connectionText.emptyText)}
          </EmptyState>
        ) : (
          <ul aria-label={t(connectionText.title)} className="divide-y divide-line rounded-lg border border-line">
            {connections.map((one) => (
              <ConnectionRow key={one.name} connection={one} taken={connections.map((other) => other.name)} />
            ))}
          </ul>
        )}
        {loud ? null : <StoreNotice store={store} />}
      </div>
    </div>
  );
}
