import { Lock, LockOpen, ShieldAlert } from 'lucide-react';
import { useId, useState } from 'react';
import type { SecretStore } from '#shared/contract/connections';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Button, cx, Dialog, toastError } from '../ui/index.ts';
import { connectionsChanged } from './news.ts';
import { connectionText, storeText } from './text.ts';

const TONES = { system: 'border-line', keyFile: 'border-line', plain: 'border-transparent bg-interrupted-soft', refused: 'border-transparent bg-interrupted-soft', broken: 'border-transparent bg-failed-soft' } as const;

/** Where secrets rest, what that means, and what the person can do about it. */
export function StoreNotice({ store }: { readonly store: SecretStore }) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  const { kind, detail } = store;
  const quiet = kind === 'system' || kind === 'keyFile';
  const Icon = quiet ? Lock : kind === 'plain' ? LockOpen : ShieldAlert;
  return (
    <section aria-label={t(connectionText.secretsRest)} className={cx('flex gap-2.5 rounded-lg border px-3 py-2.5 text-sm', TONES[kind])}>
      <Icon className={cx('mt-0.5 size-4 shrink-0', quiet ? 'text-ink-3' : kind === 'broken' ? 'text-failed' : 'text-interrupted')} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {t(storeText[kind].title)}
          {kind === 'system' ? <span className="font-normal text-ink-2"> · {detail}</span> : null}
        </p>
        <p className="mt-0.5 text-xs text-ink-2">{t(storeText[kind].text)}</p>
        {kind === 'keyFile' ? <p className="selectable mt-1 font-mono text-2xs [overflow-wrap:anywhere] text-ink-2">{detail}</p> : null}
        {kind === 'broken' ? <p className="selectable mt-1 text-xs [overflow-wrap:anywhere]">{detail}</p> : null}
        {kind === 'refused' || kind === 'plain' ? (
          <Button size="sm" className="mt-2" onClick={() => setAsking(true)}>
            {t(kind === 'refused' ? connectionText.agree : connectionText.withdraw)}
          </Button>
        ) : null}
      </div>
      {asking && kind === 'refused' ? <AgreeDialog onClose={() => setAsking(false)} /> : null}
      {asking && kind === 'plain' ? <WithdrawDialog onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

/** Tells the studio, and everybody who shows where secrets rest. */
function useAnswer(allow: boolean, onClose: () => void): { readonly busy: boolean; readonly answer: () => void } {
  const [busy, setBusy] = useState(false);
  const answer = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.connections.allowPlainText({ allow });
      connectionsChanged();
      onClose();
    } catch (thrown) {
      toastError(thrown);
      setBusy(false);
    }
  };
  return { busy, answer: () => void answer() };
}

/** Nobody agrees to this by pressing Enter: what it means has to be ticked. */
function AgreeDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const id = useId();
  const [understood, setUnderstood] = useState(false);
  const { busy, answer } = useAnswer(true, onClose);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(connectionText.agreeTitle)}
      description={t(connectionText.agreeText)}
      footer={
        <>
          <Button onClick={onClose}>{t(common.cancel)}</Button>
          <Button variant="danger" disabled={!understood} busy={busy} onClick={answer}>
            {t(connectionText.agreeDo)}
          </Button>
        </>
      }
    >
      <label htmlFor={id} className="flex items-start gap-2.5 text-sm">
        <input id={id} type="checkbox" checked={understood} onChange={(event) => setUnderstood(event.target.checked)} className="mt-0.5 size-3.5 accent-(--accent)" />
        {t(connectionText.agreeCheck)}
      </label>
    </Dialog>
  );
}

function WithdrawDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const { busy, answer } = useAnswer(false, onClose);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(connectionText.withdrawTitle)}
      description={t(connectionText.withdrawText)}
      confirmLabel={t(connectionText.withdrawDo)}
      danger
      busy={busy}
      onConfirm={answer}
    />
  );
}
