import { Command as Cmdk } from 'cmdk';
import { Workflow } from 'lucide-react';
import { go } from '../app/router.ts';
import { useLibrary } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { Kbd } from '../ui/kbd.tsx';
import { groupText, commands } from './list.ts';
import type { CommandGroup } from './list.ts';
import { canRun, runCommand } from './registry.ts';
import { commandText } from './text.ts';

const GROUPS: readonly CommandGroup[] = ['run', 'workflow', 'edit', 'go', 'view', 'help'];
const groupClass = '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3';
const itemClass = 'flex h-8 items-center gap-2 rounded-md px-2 text-sm data-[selected=true]:bg-active';

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Every command that can be run now, and every workflow, found by a few letters in either language. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  const { t, pick } = useText();
  const library = useLibrary();
  const then = (act: () => void): void => {
    onOpenChange(false);
    // The dialog gives focus back first, so that editing commands meet the canvas and not the palette.
    setTimeout(act, 0);
  };
  return (
    <Cmdk.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label={t(commandText.palette)}
      loop
      overlayClassName="fixed inset-0 z-40 bg-scrim"
      contentClassName="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-48px)] max-w-150 -translate-x-1/2 overflow-hidden rounded-xl bg-raised shadow-high"
    >
      <Cmdk.Input placeholder={t(commandText.placeholder)} className="h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none" />
      <Cmdk.List label={t(commandText.palette)} className="max-h-90 overflow-y-auto p-1.5">
        <Cmdk.Empty className="px-3 py-8 text-center text-sm text-ink-2">{t(commandText.nothing)}</Cmdk.Empty>
        {open
          ? GROUPS.map((group) => {
              const offered = commands.filter((command) => command.group === group && command.id !== 'view.palette' && command.id !== 'file.open' && canRun(command.id));
              if (offered.length === 0) return null;
              return (
                <Cmdk.Group key={group} heading={pick(groupText[group])} className={groupClass}>
                  {offered.map((command) => (
                    <Cmdk.Item key={command.id} value={command.id} keywords={[command.text.en, command.text.zh]} onSelect={() => then(() => runCommand(command.id))} className={itemClass}>
                      {pick(command.text)}
                      {command.keys === undefined ? null : (
                        <span className="ml-auto">
                          <Kbd keys={command.keys} />
                        </span>
                      )}
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              );
            })
          : null}
        {library.data === undefined || library.data.length === 0 ? null : (
          <Cmdk.Group heading={t(commandText.workflows)} className={groupClass}>
            {library.data
              .filter((entry) => entry.problem === null)
              .map((entry) => (
                <Cmdk.Item key={entry.id} value={`workflow ${entry.id}`} keywords={[entry.name, ...entry.tags]} onSelect={() => then(() => go({ place: 'edit', workflowId: entry.id }))} className={itemClass}>
                  <Workflow className="size-3.5 text-ink-3" />
                  <span className="truncate">{entry.name}</span>
                  <span className="ml-auto truncate pl-4 text-xs text-ink-3">{entry.tags.join(' · ')}</span>
                </Cmdk.Item>
              ))}
          </Cmdk.Group>
        )}
      </Cmdk.List>
    </Cmdk.Dialog>
  );
}
