import { Ellipsis, PencilRuler, RotateCcw, Square, StepForward } from 'lucide-react';
import type { ReactNode } from 'react';
import { go } from '../app/router.ts';
import { useCommands } from '../commands/registry.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ContextMenu, DropdownMenu } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { isOpened } from './moment.ts';
import { useRunDeeds } from './run-deeds.tsx';
import type { Deed, RunLook } from './run-deeds.tsx';
import { runsText } from './text.ts';
import { words } from './words.ts';

const command = ({ run, can }: Deed) => ({ run, enabled: can });

/** What can be done with a run: the likeliest as a button, the rest in a menu, all of it as commands. */
export function RunButtons(look: RunLook) {
  const { t } = useText();
  const { latest } = look;
  const { busy, deeds, entries } = useRunDeeds(look);
  useCommands({
    'run.start': command(deeds.again),
    'run.stop': { run: deeds.cancel.run, enabled: deeds.cancel.can && !latest.cancelRequested },
    'runs.rerunFailed': command(deeds.fromFailed),
    'runs.rerunNode': command(deeds.fromNode),
    'runs.fork': command(deeds.fork),
    'runs.compare': command(deeds.compare),
    'runs.export': command(deeds.export),
  });
  const failed = deeds.fromFailed.can;
  return (
    <div className="ml-auto flex shrink-0 items-center gap-2">
      {isOpened(latest.id) ? null : (
        <Button icon={<PencilRuler />} onClick={() => go({ place: 'edit', workflowId: latest.workflowId })}>
          {t(runsText.openWorkflow)}
        </Button>
      )}
      {deeds.cancel.can ? (
        <Button icon={<Square />} busy={busy} disabled={latest.cancelRequested} onClick={deeds.cancel.run}>
          {latest.cancelRequested ? t(runsText.cancelling) : t(runsText.cancelRun)}
        </Button>
      ) : null}
      {deeds.again.can ? (
        <Tooltip text={t(failed ? words.rerunFailureHelp : words.runAgainHelp)}>
          <Button variant="primary" icon={failed ? <StepForward /> : <RotateCcw />} busy={busy} onClick={failed ? deeds.fromFailed.run : deeds.again.run}>
            {t(failed ? (latest.status === 'failed' ? words.rerunFailure : words.rerunStopped) : runsText.runAgain)}
          </Button>
        </Tooltip>
      ) : null}
      <DropdownMenu entries={entries}>
        <IconButton label={t(common.more)} icon={<Ellipsis />} variant="secondary" />
      </DropdownMenu>
    </div>
  );
}

interface RunMenuProps extends RunLook {
  readonly onSelect: (node: string) => void;
  readonly children: ReactNode;
}

/** The same menu at the pointer: over a node it is about that node. */
export function RunMenu({ onSelect, children, ...look }: RunMenuProps) {
  const { entries } = useRunDeeds(look);
  const selectUnder = ({ target }: React.MouseEvent): void => {
    const node = target instanceof Element ? target.closest('.react-flow__node[data-id]')?.getAttribute('data-id') : null;
    if (node !== null && node !== undefined && look.latest.nodes[node] !== undefined) onSelect(node);
  };
  return (
    <ContextMenu entries={entries}>
      <div className="min-w-0 flex-1 bg-app" onContextMenu={selectUnder}>
        {children}
      </div>
    </ContextMenu>
  );
}
