import { Download, GitCompareArrows, GitFork, RotateCcw, StepForward } from 'lucide-react';
import { useState } from 'react';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { go } from '../app/router.ts';
import { commandOf } from '../commands/list.ts';
import { useText } from '../i18n/use-text.ts';
import { startFork } from '../stores/fork.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { toastError } from '../ui/toast.tsx';
import { isOpened } from './moment.ts';
import { cancelRun, exportRun, rerun, runAgain } from './run-actions.ts';
import { workflowOf } from './run-workflow.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';
import { words } from './words.ts';

export interface RunLook {
  /** After its last event: what can be done with it depends on this. */
  readonly latest: Run;
  /** The version of the event that is looked at. */
  readonly version: number;
  readonly selected: string | null;
  readonly names: ReadonlyMap<string, NodeName>;
}

/** Something that can be done with a run. */
export interface Deed {
  readonly run: () => void;
  /** Does it make sense for this run, as it stands? */
  readonly can: boolean;
}
type DeedName = 'again' | 'fromFailed' | 'fromNode' | 'cancel' | 'fork' | 'compare' | 'export' | 'exportBare';

/** Everything that can be done with a run, for buttons, menus and commands. An opened file can only be looked at and compared. */
export function useRunDeeds({ latest, version, selected, names }: RunLook): { readonly busy: boolean; readonly deeds: Readonly<Record<DeedName, Deed>>; readonly entries: readonly MenuEntry[] } {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const act = (call: () => Promise<unknown>) => (): void => {
    setBusy(true);
    call()
      .catch((thrown: unknown) => toastError(thrown))
      .finally(() => setBusy(false));
  };
  const workflow = workflowOf(latest);
  const own = !isOpened(latest.id);
  const ended = own && isTerminal(latest.status);
  const fork = async (): Promise<void> => {
    if (workflow !== null) await startFork({ workflowId: latest.workflowId, run: latest.id, version, workflow });
  };
  const deeds: Readonly<Record<DeedName, Deed>> = {
    again: { run: act(() => runAgain(latest, workflow)), can: ended },
    fromFailed: { run: act(() => rerun(latest, null)), can: ended && latest.status !== 'completed' },
    fromNode: { run: act(() => rerun(latest, selected)), can: ended && selected !== null },
    // A paused run is stopped by its answer.
    cancel: { run: act(() => cancelRun(latest)), can: own && !isTerminal(latest.status) && latest.status !== 'paused' },
    fork: { run: act(fork), can: own && workflow !== null },
    compare: { run: () => go({ place: 'compare', left: latest.id }), can: true },
    export: { run: act(() => exportRun(latest, true)), can: own },
    exportBare: { run: act(() => exportRun(latest, false)), can: own },
  };
  const entry = (name: DeedName, label: string, icon: React.ReactNode, keys?: string): MenuEntry[] => (deeds[name].can ? [{ id: name, label, icon, keys, onSelect: deeds[name].run }] : []);
  const files = [...entry('export', t(words.exportWith), <Download />), ...entry('exportBare', t(words.exportWithout), <Download />)];
  const entries: readonly MenuEntry[] = [
    ...(deeds.fromFailed.can ? entry('again', t(runsText.runAgain), <RotateCcw />, commandOf('run.start').keys) : []),
    ...entry('fromNode', t(words.rerunFrom, names.get(selected ?? '')?.label ?? selected ?? ''), <StepForward />),
    ...entry('fork', t(words.forkHere, version), <GitFork />),
    ...entry('compare', t(words.compareWith), <GitCompareArrows />),
    ...(files.length === 0 ? [] : [{ kind: 'separator', id: 'files' } as const, ...files]),
  ];
  return { busy, deeds, entries };
}
