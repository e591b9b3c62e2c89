import { useId, useState } from 'react';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, Dialog, Field, Textarea, toastError } from '../ui/index.ts';
import { pause, pauseAll } from './actions.ts';
import { useScheduleDialogs } from './dialogs.ts';
import type { Pausing } from './dialogs.ts';
import { setListState } from './list-state.ts';
import { scheduleText } from './text.ts';

const close = (): void => useScheduleDialogs.setState({ pausing: null });

/** Asks why before schedules are paused; the note stands beside them until they are resumed. */
export function PauseDialog({ pausing }: { readonly pausing: Pausing }) {
  const { t } = useText();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await (pausing.kind === 'all' ? pauseAll(note.trim()) : pause(pausing.ids, note.trim()));
      setListState({ chosen: new Set() });
      close();
    } catch (thrown) {
      toastError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : close())}
      title={pausing.kind === 'all' ? t(scheduleText.pauseAllTitle) : t(scheduleText.pauseTitle, pausing.ids.length, pausing.name)}
      description={t(pausing.kind === 'all' ? scheduleText.pauseAllHelp : scheduleText.pauseHelp)}
      footer={
        <>
          <Button onClick={close}>{t(common.cancel)}</Button>
          <Button variant="primary" type="submit" form={`${id}-form`} busy={busy}>
            {t(scheduleText.doPause)}
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={t(scheduleText.note)} htmlFor={`${id}-note`} help={t(scheduleText.noteHelp)}>
          <Textarea
            id={`${id}-note`}
            value={note}
            maxLength={2000}
            autoFocus
            placeholder={t(scheduleText.notePlaceholder)}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              void submit();
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}
