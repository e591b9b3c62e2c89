import { useState } from 'react';
import type { OccurrenceRow } from '#shared/contract/schedules';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, Dialog, toastError } from '../ui/index.ts';
import { runMissed } from './actions.ts';
import { useScheduleDialogs } from './dialogs.ts';
import { historyText, reasonText } from './text.ts';

const close = (): void => useScheduleDialogs.setState({ missed: null });

/** Runs what was missed or skipped after all: all of it, or only the latest. */
export function MissedDialog({ row }: { readonly row: OccurrenceRow }) {
  const { t, f } = useText();
  const [busy, setBusy] = useState<'all' | 'latest' | null>(null);
  const run = async (which: 'all' | 'latest'): Promise<void> => {
    setBusy(which);
    try {
      await runMissed(row, which === 'latest');
      close();
    } catch (thrown) {
      toastError(thrown);
      setBusy(null);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : close())}
      title={t(historyText.runMissedTitle, row.workflowName)}
      description={t(historyText.runMissedHelp)}
      footer={
        <>
          <Button onClick={close}>{t(common.cancel)}</Button>
          {row.count === 1 ? null : (
            <Button busy={busy === 'latest'} disabled={busy !== null} onClick={() => void run('latest')}>
              {t(historyText.runLatest)}
            </Button>
          )}
          <Button variant="primary" autoFocus busy={busy === 'all'} disabled={busy !== null} onClick={() => void run('all')}>
            {t(historyText.runAll, row.count)}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        {f.dateTime(row.nominalTime)}
        {row.count === 1 ? null : ` – ${f.dateTime(row.lastNominalTime)} · ${t(historyText.times, row.count)}`}
      </p>
      {row.reason === null ? null : <p className="text-sm text-ink-2">{t(reasonText[row.reason])}</p>}
    </Dialog>
  );
}
