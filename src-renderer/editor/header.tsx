import { ChevronDown, ChevronLeft, Copy, ExternalLink, GitFork, PanelBottom, PanelLeft, PanelRight, Play, Redo2, RotateCcw, Save, Square, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isTerminal } from '#shared/run/run';
import { useOpenRuns } from '../app/queries.ts';
import { href } from '../app/router.ts';
import { commandOf } from '../commands/list.ts';
import { runCommand } from '../commands/registry.ts';
import { useText } from '../i18n/use-text.ts';
import { ScheduleButton } from '../schedule-form/schedule-button.tsx';
import { patchWorkflow } from '../stores/edit/change.ts';
import { useFork } from '../stores/fork.ts';
import { isActive, runClock } from '../stores/live.ts';
import { Button, DropdownMenu, IconButton, RunStatusBadge, Tooltip } from '../ui/index.ts';
import { cancel, start } from './run-actions.ts';
import { revert, saveCopy } from './save-actions.ts';
import { change, useDocument, useLive, useSession, useView } from './session.ts';
import { editText, words } from './words.ts';

function Name() {
  const { t } = useText();
  const session = useSession();
  const name = useDocument((state) => state.workflow.name);
  const dirty = useDocument((state) => state.dirty);
  const [typed, setTyped] = useState<string | null>(null);
  const finish = (): void => {
    if (typed !== null && typed.trim() !== '' && typed !== name) change(session, 'workflow', (workflow) => patchWorkflow(workflow, { name: typed.trim() }));
    setTyped(null);
  };
  return (
    <div className="flex min-w-0 items-center gap-2">
      <input
        aria-label={t(words.rename)}
        className="h-7 min-w-0 rounded-md border border-transparent bg-transparent px-1.5 field-sizing-content max-w-90 text-md font-semibold text-ellipsis outline-none hover:border-line-strong focus:border-focus"
        value={typed ?? name}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      {dirty ? (
        <DropdownMenu
          align="start"
          entries={[
            { kind: 'label', id: 'draft', label: t(words.draft) },
            { id: 'copy', label: t(words.saveCopy), icon: <Copy />, onSelect: () => void saveCopy(session) },
            { id: 'discard', label: t(words.discard), icon: <RotateCcw />, onSelect: () => revert(session) },
          ]}
        >
          <button type="button" className="flex h-6 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-xs text-ink-3 hover:bg-hover">
            <span className="size-1.5 rounded-full bg-interrupted" />
            {t(words.unsaved)}
          </button>
        </DropdownMenu>
      ) : null}
    </div>
  );
}

/** What a queued run waits behind. */
function InQueue() {
  const { t } = useText();
  const { queued, running } = useOpenRuns();
  return <span className="text-ink-3">{t(words.inQueue, queued, running)}</span>;
}

/** The watched run: its state, time and way to its page. */
function RunState() {
  const { t, f } = useText();
  const session = useSession();
  const run = useLive((state) => state.run);
  const [now, setNow] = useState(() => session.now());
  const going = run !== null && !isTerminal(run.status);
  useEffect(() => {
    if (!going) return undefined;
    const timer = setInterval(() => setNow(session.now()), 100);
    return () => clearInterval(timer);
  }, [going, session]);
  if (run === null) return null;
  return (
    <a href={href({ place: 'run', runId: run.id })} className="flex items-center gap-2 rounded-md px-1.5 py-1 text-xs text-ink-2 hover:bg-hover" title={t(words.openRun)}>
      <RunStatusBadge status={run.status} />
      {run.status === 'queued' ? <InQueue /> : <span className={going ? 'w-14 tabular-nums' : 'tabular-nums'}>{f.duration(Math.round(runClock(run, now)))}</span>}
      <ExternalLink className="size-3 text-ink-3" aria-label={t(words.openRun)} />
    </a>
  );
}

function RunButtons() {
  const { t } = useText();
  const session = useSession();
  const active = useLive(isActive);
  const forking = useFork(session.id) !== null;
  const stopping = useLive((state) => state.run?.cancelRequested === true);
  const only = useView((state) => (state.selection.nodes.size === 1 ? [...state.selection.nodes][0] : undefined));
  if (active) {
    return (
      <Button variant="secondary" icon={<Square className="fill-current" />} busy={stopping} onClick={() => cancel(session)}>
        {t(stopping ? words.stopping : words.stop)}
      </Button>
    );
  }
  if (forking) {
    return (
      <Button variant="primary" icon={<GitFork />} onClick={() => void start(session, { kind: 'all' })}>
        {t(words.runFork)}
      </Button>
    );
  }
  return (
    <div className="flex">
      <Tooltip text={t(words.runAll)} keys={commandOf('run.start').keys}>
        <Button variant="primary" className="rounded-r-none" icon={<Play className="fill-current" />} onClick={() => void start(session, { kind: 'all' })}>
          {t(words.runAll)}
        </Button>
      </Tooltip>
      <DropdownMenu
        entries={[
          { id: 'to', label: t(words.runToHere), icon: <Play />, keys: commandOf('run.toHere').keys, disabled: only === undefined, onSelect: () => (only === undefined ? undefined : void start(session, { kind: 'to', node: only })) },
          { id: 'from', label: t(words.runFromHere), icon: <Play />, disabled: only === undefined, onSelect: () => (only === undefined ? undefined : void start(session, { kind: 'from', node: only })) },
        ]}
      >
        <Button variant="primary" className="rounded-l-none border-l border-accent-ink/25 px-1.5" icon={<ChevronDown />} aria-label={t(words.runToHere)} />
      </DropdownMenu>
    </div>
  );
}

/** Where you are, what you can take back, and the run. */
export function Header({ onSave }: { readonly onSave: () => void }) {
  const { t, pick } = useText();
  const session = useSession();
  const last = useDocument((state) => state.history.done.at(-1)?.edit);
  const next = useDocument((state) => state.history.undone.at(-1)?.edit);
  const dirty = useDocument((state) => state.dirty);
  const paletteOpen = useView((state) => state.paletteOpen);
  const inspectorOpen = useView((state) => state.inspectorOpen);
  const panelOpen = useView((state) => state.panel.open);
  const scheduling = useView((state) => state.schedule !== null);
  return (
    <header className="flex h-12 shrink-0 items-center gap-1.5 border-b border-line bg-surface pr-3 pl-2">
      <a href={href({ place: 'library' })} aria-label={t(words.back)} title={t(words.back)} className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink">
        <ChevronLeft className="size-4" />
      </a>
      <Name />
      <span className="mx-1 h-4 w-px bg-line" />
      <IconButton label={last === undefined ? t(words.undoNothing) : t(words.undo, pick(editText[last]))} keys={commandOf('edit.undo').keys} disabled={last === undefined} icon={<Undo2 />} onClick={() => runCommand('edit.undo')} />
      <IconButton label={next === undefined ? t(words.redoNothing) : t(words.redo, pick(editText[next]))} keys={commandOf('edit.redo').keys} disabled={next === undefined} icon={<Redo2 />} onClick={() => runCommand('edit.redo')} />
      <span className="mx-1 h-4 w-px bg-line" />
      <ScheduleButton />
      <span className="ml-auto" />
      <RunState />
      <IconButton label={t(words.showPalette)} pressed={paletteOpen} icon={<PanelLeft />} onClick={() => session.view.setState({ paletteOpen: !paletteOpen })} />
      <IconButton label={t(words.showPanel)} pressed={panelOpen} icon={<PanelBottom />} onClick={() => session.view.setState((state) => ({ panel: { ...state.panel, open: !panelOpen } }))} />
      <IconButton label={t(words.showInspector)} pressed={inspectorOpen && !scheduling} icon={<PanelRight />} onClick={() => session.view.setState({ inspectorOpen: scheduling || !inspectorOpen, schedule: null })} />
      <span className="mx-1 h-4 w-px bg-line" />
      <Tooltip text={t(words.save)} keys={commandOf('file.save').keys}>
        <Button icon={<Save />} disabled={!dirty} onClick={onSave}>
          {t(words.save)}
        </Button>
      </Tooltip>
      <RunButtons />
    </header>
  );
}
