import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { commands, groupText } from './list.ts';
import type { CommandGroup } from './list.ts';
import { commandText } from './text.ts';

const GROUPS: readonly CommandGroup[] = ['go', 'workflow', 'run', 'edit', 'view', 'help'];

/** Every key there is, from the one list of commands. */
export function Shortcuts({ open, onOpenChange }: { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) {
  const { t, pick } = useText();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t(commandText.shortcuts)} description={t(commandText.shortcutsHelp)} wide>
      <div className="columns-2 gap-8">
        {GROUPS.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-ink-3">{pick(groupText[group])}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group && command.keys !== undefined)
                .map((command) => (
                  <div key={command.id} className="flex h-7 items-center justify-between border-b border-line text-sm last:border-0">
                    <dt>{pick(command.text)}</dt>
                    <dd>
                      <Kbd keys={command.keys ?? ''} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mt-1 text-xs text-ink-3">{t(commandText.editorOnly)}</p>
    </Dialog>
  );
}
