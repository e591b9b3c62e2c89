import { useState } from 'react';
import type { ConnectionView } from '#shared/contract/connections';
import { client } from '../client/client.ts';
import { useText } from '../i18n/use-text.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { toast, toastError } from '../ui/index.ts';
import { common } from '../i18n/common.ts';
import { closeDelete } from './dialogs.ts';
import { connectionsChanged } from './news.ts';
import { connectionText } from './text.ts';

const SHOWN = 5;

/** Asks before a connection goes, and says whom it would be missed by. */
export function DeleteConnection({ connection }: { readonly connection: ConnectionView }) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const { name, usedBy } = connection;
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.connections.delete({ name });
      toast({ tone: 'success', title: t(connectionText.deleted, name) });
    } catch (thrown) {
      toastError(thrown);
    }
    connectionsChanged();
    closeDelete();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : closeDelete())}
      title={t(connectionText.deleteTitle, name)}
      description={
        <>
          {t(connectionText.deleteHelp)}
          {usedBy.length === 0 ? null : (
            <>
              <span className="mt-3 block text-ink">{t(connectionText.deleteUsed, usedBy.length)}</span>
              {usedBy.slice(0, SHOWN).map((workflow) => (
                <span key={workflow} className="mt-1 block truncate pl-3 font-medium text-ink">
                  {workflow}
                </span>
              ))}
              {usedBy.length > SHOWN ? <span className="mt-1 block pl-3">{t(connectionText.andMore, usedBy.length - SHOWN)}</span> : null}
            </>
          )}
        </>
      }
      confirmLabel={t(common.delete)}
      danger
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}
