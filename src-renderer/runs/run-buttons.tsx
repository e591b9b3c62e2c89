import { Download, Ellipsis, GitCompareArrows, GitFork, PencilRuler, RotateCcw, Square, StepForward } from 'lucide-react';
import { useState } from 'react';
import { isTerminal } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { go } from '../app/router.ts';
import { commandOf } from '../commands/list.ts';
import { useCommands } from '../commands/registry.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { startFork } from '../stores/fork.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { DropdownMenu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/menu.tsx';
import { toastError } from '../ui/toast.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { isOpened } from './moment.ts';
import { cancelRun, exportRun, rerun, runAgain } from './run-actions.ts';
import { workflowOf } from './run-workflow.ts';
import type { NodeName } from './run-workflow.ts';
import { runsText } from './text.ts';
import { words } from './words.ts';

interface RunButtonsProps {
  /** After its last event: what can be done with it depends on this. */
  readonly latest: Run;
  /** The version of the event that is looked at. */
  readonly version: number;
  readonly selected: string | null;
  readonly names: ReadonlyMap<string, NodeName>;
}

/** What can be done with a run: the likeliest as a button, the rest in a menu. */
export function RunButtons({ latest, version, selected, names }: RunButtonsProps) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const act = (call: () => Promise<unknown>): void => {
    setBusy(true);
    call()
      .catch((thrown: unknown) => toastError(thrown))
      .finally(() => setBusy(false));
  };
  const workflow = workflowOf(latest);
  const readOnly = isOpened(latest.id);
  const ended = isTerminal(latest.status);
  const stopped = latest.status === 'failed' || latest.status === 'cancelled';
  const stoppable = !ended && latest.status !== 'paused' && !readOnly;
  const repeatable = ended && !readOnly;
  const again = (): void => act(() => runAgain(latest, workflow));
  const fromFailed = (): void => act(() => rerun(latest, null));
  const fromNode = (): void => act(() => rerun(latest, selected));
  const cancel = (): void => act(() => cancelRun(latest));
  const fork = (): void => {
    if (workflow !== null) act(() => startFork({ workflowId: latest.workflowId, run: latest.id, version, workflow }));
  };
  const compare = (): void => go({ place: 'compare', left: latest.id });
  useCommands({
    'run.start': { run: again, enabled: repeatable },
    'run.stop': { run: cancel, enabled: stoppable && !latest.cancelRequested },
    'runs.rerunFailed': { run: fromFailed, enabled: repeatable && stopped },
    'runs.rerunNode': { run: fromNode, enabled: repeatable && selected !== null },
    'runs.fork': { run: fork, enabled: !readOnly && workflow !== null },
    'runs.compare': { run: compare },
    'runs.export': { run: () => act(() => exportRun(latest, true)), enabled: !readOnly },
  });
  const compareEntry: MenuEntry = { id: 'compare', label: t(words.compareWith), icon: <GitCompareArrows />, onSelect: compare };
  const entries: MenuEntry[] = readOnly
    ? [compareEntry]
    : [
        ...(repeatable && stopped ? [{ id: 'again', label: t(runsText.runAgain), icon: <RotateCcw />, keys: commandOf('run.start').keys, onSelect: again }] : []),
        ...(repeatable && selected !== null ? [{ id: 'node', label: t(words.rerunFailed, names.get(selected)?.label ?? selected), icon: <StepForward />, onSelect: fromNode }] : []),
        { id: 'fork', label: t(words.forkHere, version), icon: <GitFork />, disabled: workflow === null, onSelect: fork },
        compareEntry,
        { kind: 'separator', id: 'files' },
        { id: 'export', label: t(words.exportWith), icon: <Download />, onSelect: () => act(() => exportRun(latest, true)) },
        { id: 'export-bare', label: t(words.exportWithout), icon: <Download />, onSelect: () => act(() => exportRun(latest, false)) },
      ];
  return (
    <div className="ml-auto flex shrink-0 items-center gap-2">
      {readOnly ? null : (
        <Button icon={<PencilRuler />} onClick={() => go({ place: 'edit', workflowId: latest.workflowId })}>
          {t(runsText.openWorkflow)}
        </Button>
      )}
      {stoppable ? (
        <Button icon={<Square />} busy={busy} disabled={latest.cancelRequested} onClick={cancel}>
          {latest.cancelRequested ? t(runsText.cancelling) : t(runsText.cancelRun)}
        </Button>
      ) : null}
      {repeatable ? (
        <Tooltip text={t(stopped ? words.rerunFailureHelp : words.runAgainHelp)}>
          <Button variant="primary" icon={stopped ? <StepForward /> : <RotateCcw />} busy={busy} onClick={stopped ? fromFailed : again}>
            {t(stopped ? words.rerunFailure : runsText.runAgain)}
          </Button>
        </Tooltip>
      ) : null}
      <DropdownMenu entries={entries}>
        <IconButton label={t(common.more)} icon={<Ellipsis />} variant="secondary" />
      </DropdownMenu>
    </div>
  );
}
