import { useId, useState } from 'react';
import { useTemplates } from '../app/queries.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/input.tsx';
import { toastError } from '../ui/toast.tsx';
import { createWorkflow } from './actions.ts';
import { libraryText } from './text.ts';

interface NewWorkflowDialogProps {
  readonly onClose: () => void;
}

/** Asks for a name and where to start from, makes the file, and opens it. */
export function NewWorkflowDialog({ onClose }: NewWorkflowDialogProps) {
  const { t } = useText();
  const templates = useTemplates();
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const suggested = templates.data?.find((one) => one.id === chosen)?.name ?? '';
  const name = typed ?? suggested;
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      await createWorkflow(name.trim() === '' ? t(libraryText.untitled) : name.trim(), chosen);
      onClose();
    } catch (thrown) {
      toastError(thrown);
      setBusy(false);
    }
  };
  const choices = [{ id: null, name: t(libraryText.empty), description: t(libraryText.emptyTemplate), nodes: 0 }, ...(templates.data ?? [])];
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(libraryText.newTitle)}
      footer={
        <>
          <Button onClick={onClose}>{t(common.cancel)}</Button>
          <Button variant="primary" type="submit" form={`${id}-form`} busy={busy}>
            {t(libraryText.create)}
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <Field label={t(libraryText.nameLabel)} htmlFor={`${id}-name`}>
          <Input id={`${id}-name`} autoFocus value={name} placeholder={t(libraryText.namePlaceholder)} maxLength={200} onChange={(event) => setTyped(event.target.value)} className="h-8" />
        </Field>
        <fieldset className="min-w-0">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t(libraryText.startFrom)}</legend>
          <div className="max-h-72 overflow-y-auto rounded-lg border border-line">
            {choices.map((one) => (
              <label
                key={one.id ?? ''}
                className={cx('flex items-start gap-2.5 border-b border-line px-3 py-2 last:border-0', chosen === one.id ? 'bg-accent-soft' : 'hover:bg-hover has-[:focus-visible]:bg-hover')}
              >
                <input type="radio" name={`${id}-template`} checked={chosen === one.id} onChange={() => setChosen(one.id)} className="mt-1 accent-(--accent)" />
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline justify-between gap-2">
                    <span className="truncate font-medium">{one.name}</span>
                    {one.nodes === 0 ? null : <span className="shrink-0 text-xs text-ink-3">{t(common.nodes, one.nodes)}</span>}
                  </span>
                  <span className="line-clamp-2 text-xs text-ink-2">{one.description}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}
