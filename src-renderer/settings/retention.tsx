import { useId, useState } from 'react';
import type { Settings } from '#shared/contract/studio';
import { keys, queryClient, saveSettings } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { toast, toastError } from '../ui/toast.tsx';
import { Line, Section, Typed } from './form-parts.tsx';
import { readWhole } from './read.ts';
import { settingsText } from './text.ts';

const LINES = [
  { key: 'keepDays', most: 36_500, label: settingsText.keepDays, help: settingsText.keepDaysHelp, bad: settingsText.daysBad, unit: settingsText.days, empty: settingsText.forGood },
  { key: 'keepRuns', most: 10_000_000, label: settingsText.keepRuns, help: settingsText.keepRunsHelp, bad: settingsText.runsBad, unit: settingsText.runs, empty: settingsText.noLimit },
  { key: 'keepOutputsDays', most: 36_500, label: settingsText.keepOutputs, help: settingsText.keepOutputsHelp, bad: settingsText.daysBad, unit: settingsText.days, empty: settingsText.asLongAsRuns },
] as const;

/** How long runs and kept outputs stay, what is lost with them, and removing them now. */
export function Retention({ settings }: { readonly settings: Settings }) {
  const { t } = useText();
  const id = useId();
  return (
    <Section title={t(settingsText.history)} help={t(settingsText.historyHelp)}>
      {LINES.map(({ key, most, label, help, bad, unit, empty }) => (
        <Line key={key} label={t(label)} help={t(help)} id={`${id}-${key}`}>
          <Typed
            key={settings[key] ?? ''}
            id={`${id}-${key}`}
            value={settings[key]?.toString() ?? ''}
            read={(text) => readWhole(text, 1, most)}
            bad={t(bad)}
            placeholder={t(empty)}
            unit={t(unit)}
            onSave={(value) => saveSettings({ [key]: value })}
          />
        </Line>
      ))}
      <Line label={t(settingsText.cleanUp)} help={t(settingsText.cleanUpHelp)}>
        <RemoveNow settings={settings} />
      </Line>
    </Section>
  );
}

function RemoveNow({ settings }: { readonly settings: Settings }) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const { keepDays, keepRuns, keepOutputsDays } = settings;
  const runsGo = keepDays !== null || keepRuns !== null;
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      const { runs, outputs, freedBytes } = await client.studio.retain();
      toast(runs + outputs === 0 ? { tone: 'info', title: t(settingsText.removeNothing) } : { tone: 'success', title: t(settingsText.removed, runs, outputs), text: t(settingsText.freed, freedBytes) });
      for (const key of [keys.runs, keys.library, keys.stats]) void queryClient.invalidateQueries({ queryKey: key });
    } catch (thrown) {
      toastError(thrown);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  return (
    <>
      <Button busy={busy} disabled={!runsGo && keepOutputsDays === null} onClick={() => setAsking(true)}>
        {t(settingsText.removeNow)}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t(settingsText.removeTitle)}
        description={[t(settingsText.rulesNow, keepDays, keepRuns), ...(runsGo ? [t(settingsText.historyHelp)] : [])].join(' ')}
        confirmLabel={t(settingsText.removeNow)}
        danger
        busy={busy}
        onConfirm={() => void remove()}
      />
    </>
  );
}
