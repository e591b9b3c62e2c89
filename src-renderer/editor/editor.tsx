import { ReactFlowProvider } from '@xyflow/react';
import { useQuery } from '@tanstack/react-query';
import { FileWarning } from 'lucide-react';
import { useCallback, useState } from 'react';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { WorkflowId } from '#shared/ids';
import type { OpenedWorkflow } from '#shared/contract/workflows';
import { useInfo, useNodeSpecs } from '../app/queries.ts';
import { go } from '../app/router.ts';
import { client } from '../client/client.ts';
import { useText } from '../i18n/use-text.ts';
import { currentText } from '../i18n/use-text.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { Panel } from '../panel/panel.tsx';
import { SchedulePanel } from '../schedule-form/schedule-panel.tsx';
import { words as scheduleWords } from '../schedule-form/words.ts';
import { openDocument } from '../stores/document.ts';
import { keepDrafts } from '../stores/draft-keeper.ts';
import type { Specs } from '../stores/edit/ports.ts';
import { createLive } from '../stores/live.ts';
import { createProblems } from '../stores/problems.ts';
import { createView } from '../stores/view.ts';
import { Button, EmptyState, Spinner, Split, toastError } from '../ui/index.ts';
import { Canvas } from './canvas.tsx';
import { ConflictDialog, OutsideBar } from './file-dialogs.tsx';
import { ForkBar } from './fork-bar.tsx';
import { Header } from './header.tsx';
import { Palette } from './palette.tsx';
import { FindNode, QuickAdd } from './quick-add.tsx';
import { saveAloud } from './save-actions.ts';
import { StandingBar } from './standing-bar.tsx';
import { arrangeSpecs } from './search.ts';
import { SessionContext, useSession, useView } from './session.ts';
import type { Session } from './session.ts';
import { useEditorCommands } from './use-editor-commands.ts';
import { useSessionEffects } from './use-session-effects.ts';
import { words } from './words.ts';
import '../canvas/canvas.css';

function openSession(opened: OpenedWorkflow, specs: Specs, nativeDialogs: boolean): Session {
  const id = opened.workflow.id;
  const document = openDocument(opened);
  return {
    id,
    client,
    specs,
    // As the palette has them: what a flow begins with comes first.
    specList: arrangeSpecs([...specs.values()]),
    nativeDialogs,
    document,
    view: createView(),
    live: createLive(),
    problems: createProblems(),
    drafts: keepDrafts(id, document, { save: (draft) => client.workflows.saveDraft(draft), onFailure: (thrown) => toastError(thrown, currentText().t(words.draftFailed)) }),
    flow: { current: null },
    pointer: { current: null },
    now: () => Date.now(),
  };
}

/** The workflow editor: opens the workflow's file, or the draft of it. */
export function Editor({ workflowId }: { readonly workflowId: string }) {
  const { t } = useText();
  const specs = useNodeSpecs();
  const info = useInfo();
  // Opened anew each time, never from what an earlier editor read: a draft may be newer.
  const opened = useQuery({ queryKey: ['open', workflowId], queryFn: () => client.workflows.open({ id: WorkflowId.parse(workflowId) }), gcTime: 0, staleTime: Infinity, retry: false });
  const error = opened.error ?? specs.error ?? info.error;
  if (error !== null) {
    return (
      <EmptyState
        icon={<FileWarning />}
        title={t(words.cantOpen)}
        actions={
          <Button variant="primary" onClick={() => go({ place: 'library' })}>
            {t(words.toLibrary)}
          </Button>
        }
      >
        <span className="selectable">{errorSentence(toErrorInfo(error))}</span>
      </EmptyState>
    );
  }
  if (opened.data === undefined || specs.data === undefined || info.data === undefined) {
    return (
      <div role="status" aria-label={t(words.opening)} className="grid flex-1 place-items-center bg-surface text-ink-3">
        <Spinner className="size-5" />
      </div>
    );
  }
  return <Opened opened={opened.data} specs={specs.data} nativeDialogs={info.data.nativeDialogs} />;
}

function Opened({ opened, specs, nativeDialogs }: { readonly opened: OpenedWorkflow; readonly specs: Specs; readonly nativeDialogs: boolean }) {
  const [session] = useState(() => openSession(opened, specs, nativeDialogs));
  return (
    <SessionContext value={session}>
      <ReactFlowProvider>
        <Workbench />
      </ReactFlowProvider>
    </SessionContext>
  );
}

function Workbench() {
  const { t } = useText();
  const session = useSession();
  const [conflict, setConflict] = useState(false);
  const paletteOpen = useView((state) => state.paletteOpen);
  const inspectorOpen = useView((state) => state.inspectorOpen);
  const panelOpen = useView((state) => state.panel.open);
  const scheduling = useView((state) => state.schedule !== null);
  const onSave = useCallback(() => void saveAloud(session, () => setConflict(true)), [session]);
  useSessionEffects(session);
  useEditorCommands(session, onSave);
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-app">
      <Header onSave={onSave} />
      <OutsideBar />
      <ForkBar />
      <StandingBar />
      <Split side="left" name="palette" label={t(words.showPalette)} initial={208} min={160} max={360} collapsed={!paletteOpen} pane={<Palette />}>
        <Split side="right" name="schedule" label={t(scheduleWords.schedule)} initial={400} min={320} max={640} collapsed={!scheduling} pane={<SchedulePanel />}>
          <Split side="right" name="inspector" label={t(words.showInspector)} initial={336} min={260} max={640} collapsed={!inspectorOpen || scheduling} pane={<Inspector />}>
            <Split side="bottom" name="panel" label={t(words.showPanel)} initial={264} min={120} max={720} collapsed={!panelOpen} pane={<Panel />}>
              <Canvas />
            </Split>
          </Split>
        </Split>
      </Split>
      <QuickAdd />
      <FindNode />
      {conflict ? <ConflictDialog onClose={() => setConflict(false)} /> : null}
    </div>
  );
}
