import { ChevronLeft } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { connectionSpecs } from '#shared/connections/kinds';
import { errorSentence, toErrorInfo } from '#shared/errors';
import type { ErrorInfo } from '#shared/errors';
import type { SecretStore } from '#shared/contract/connections';
import type { ConnectionKind } from '#shared/connections/connection';
import { useConnections } from '../app/queries.ts';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Button, Dialog, toast } from '../ui/index.ts';
import { textOf } from '../widgets/widget.ts';
import { ConnectionForm } from './connection-form.tsx';
import { closeEditor } from './dialogs.ts';
import type { Editing } from './dialogs.ts';
import { changeOf, differs, nameProblem, newDraft, placeOf, secretsAsked, settingsProblems, usualName } from './form.ts';
import type { Draft } from './form.ts';
import { KindChoice } from './kind-choice.tsx';
import { connectionSaved } from './news.ts';
import { StoreNotice } from './secret-store.tsx';
import { connectionText } from './text.ts';
import { TrialPane } from './trial-pane.tsx';
import { subjectOf, useTrial } from './use-trial.ts';

/** The first field that something is wrong with takes the focus. */
const focusWrong = (box: HTMLElement | null): void => box?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();

/** The form of a connection: choose what it leads to, fill in, try, save. */
export function ConnectionEditor({ editing }: { readonly editing: Editing }) {
  const { t, pick } = useText();
  const id = useId();
  const { data } = useConnections();
  const store = data?.store;
  const taken = (data?.connections ?? []).map((one) => one.name).filter((name) => name !== editing.previous?.name);
  const startOf = (kind: ConnectionKind): Draft =>
    editing.previous === null ? newDraft(kind, editing.name ?? usualName(kind, taken), editing.settings) : newDraft(kind, editing.previous.name, editing.previous.settings);
  const [only] = editing.kinds;
  const [start, setStart] = useState<Draft | null>(editing.kinds.length === 1 && only !== undefined ? startOf(only) : null);
  const [draft, setDraft] = useState<Draft | null>(start);
  const [strict, setStrict] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [answer, setAnswer] = useState<{ readonly error: ErrorInfo; readonly store: SecretStore['kind'] | undefined } | null>(null);
  // What could not be sealed may be kept otherwise by now.
  const refused = answer !== null && answer.store === store?.kind ? answer.error : null;
  const [busy, setBusy] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const { trial, start: tryIt, stop } = useTrial();
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempts > 0) focusWrong(box.current);
  }, [attempts]);
  useEffect(() => {
    if (refused !== null) focusWrong(box.current);
  }, [refused]);

  const dirty = draft !== null && start !== null && differs(draft, start);
  const choose = (kind: ConnectionKind | null): void => {
    const next = kind === null ? null : startOf(kind);
    setStart(next);
    setDraft(next);
    setStrict(false);
    setAttempts(0);
    setAnswer(null);
    stop();
  };
  const put = (next: Draft): void => {
    setDraft(next);
    setAnswer(null);
  };
  const change = draft === null ? null : changeOf(draft, editing.previous?.name ?? null);
  const nameWrong = draft === null ? null : nameProblem(draft.name, taken);
  const wrong = draft !== null && settingsProblems(draft).some((one) => one.severity === 'error');
  const save = async (): Promise<void> => {
    if (change === null) return;
    setStrict(true);
    setAttempts(attempts + 1);
    if (nameWrong !== null || wrong) return;
    setBusy(true);
    try {
      const saved = await client.connections.save(change);
      connectionSaved(saved, change.previous);
      toast({ tone: 'success', title: t(connectionText.saved, saved.name) });
      closeEditor();
      editing.onSaved?.(saved.name);
    } catch (thrown) {
      setAnswer({ error: toErrorInfo(thrown), store: store?.kind });
      setBusy(false);
    }
  };
  const test = (tested: Draft): void => {
    setStrict(true);
    if (!settingsProblems(tested).some((one) => one.severity === 'error')) tryIt(changeOf({ ...tested, name: nameProblem(tested.name, []) === null ? tested.name : usualName(tested.kind, taken) }, editing.previous?.name ?? null));
  };
  const stale = change !== null && trial.kind !== 'none' && trial.of !== subjectOf(change);
  // A test may name the very field that it failed at.
  const tried = stale ? null : trial.kind === 'reported' ? trial.report.error : trial.kind === 'failed' ? trial.error : null;
  const spec = draft === null ? null : connectionSpecs[draft.kind];
  const title = editing.previous !== null ? t(connectionText.editTitle, editing.previous.name) : spec === null ? t(connectionText.new) : t(connectionText.newTitle, pick(spec.label));
  const fields = ['name', ...[...(spec?.params ?? []), ...(spec?.secrets ?? [])].map((one) => one.name)];
  const unplaced = refused === null || fields.includes(placeOf(refused, draft?.name ?? '') ?? '') ? null : refused;
  const sealing = draft !== null && secretsAsked(draft).length > 0 && (store?.kind === 'refused' || store?.kind === 'broken');
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => (open ? undefined : dirty ? setDiscarding(true) : closeEditor())}
      title={title}
      description={spec === null ? t(connectionText.choose) : pick(spec.summary)}
      footer={
        draft === null ? undefined : (
          <>
            {editing.previous === null && editing.kinds.length > 1 ? (
              <Button variant="ghost" icon={<ChevronLeft />} className="mr-auto -ml-2" onClick={() => choose(null)}>
                {t(connectionText.otherKind)}
              </Button>
            ) : null}
            {unplaced === null ? (
              strict && (nameWrong !== null || wrong) ? <p className="self-center text-xs text-failed">{t(connectionText.required)}</p> : null
            ) : (
              <p role="alert" className="selectable min-w-0 flex-1 self-center text-xs [overflow-wrap:anywhere] text-failed">
                {errorSentence(unplaced)}
              </p>
            )}
            <Button onClick={() => (dirty ? setDiscarding(true) : closeEditor())}>{t(common.cancel)}</Button>
            <Button variant="primary" type="submit" form={`${id}-form`} busy={busy}>
              {t(common.save)}
            </Button>
          </>
        )
      }
    >
      {draft === null || change === null ? (
        <KindChoice kinds={editing.kinds} onKind={choose} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_272px] items-start gap-6">
          <form
            ref={box}
            id={`${id}-form`}
            noValidate
            autoComplete="off"
            onSubmit={(event) => {
              event.preventDefault();
              // What is submitted inside of a dialog that stands above this one is not for it.
              if (event.target === event.currentTarget) void save();
            }}
          >
            <ConnectionForm id={id} editing={editing} draft={draft} onDraft={put} nameWrong={nameWrong} plain={store?.kind === 'plain'} strict={strict} refused={refused ?? tried} />
          </form>
          <div className="sticky top-0 flex flex-col gap-3">
            <TrialPane
              trial={trial}
              stale={stale}
              onStart={() => test(draft)}
              onStop={stop}
              hostKey={
                spec?.params.some((param) => param.name === 'hostKey') === true
                  ? {
                      trusted: textOf(draft.settings['hostKey']),
                      onTrust: (hostKey) => {
                        const trusting = { ...draft, settings: { ...draft.settings, hostKey } };
                        put(trusting);
                        test(trusting);
                      },
                    }
                  : undefined
              }
            />
            {sealing && store !== undefined ? <StoreNotice store={store} /> : null}
          </div>
        </div>
      )}
      <ConfirmDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title={t(connectionText.discardTitle)}
        description={t(editing.previous === null ? connectionText.discardNew : connectionText.discardText)}
        confirmLabel={t(connectionText.discard)}
        danger
        onConfirm={closeEditor}
      />
    </Dialog>
  );
}
