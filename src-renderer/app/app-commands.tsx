import { useEffect, useState } from 'react';
import { listenForCommands } from '../commands/keys.ts';
import { Palette } from '../commands/palette.tsx';
import { useCommands } from '../commands/registry.ts';
import { Shortcuts } from '../commands/shortcuts.tsx';
import { ConnectionDialogs } from '../connections/connection-dialogs.tsx';
import { newConnection } from '../connections/dialogs.ts';
import { ImportDrop } from '../library/import-drop.tsx';
import { NewWorkflowDialog } from '../library/new-workflow-dialog.tsx';
import { useLibraryDialogs } from '../library/dialogs.ts';
import { chooseImport } from '../library/actions.ts';
import { saveSettings } from './queries.ts';
import { go } from './router.ts';

const isDark = (): boolean => document.documentElement.dataset['theme'] === 'dark' || (document.documentElement.dataset['theme'] === undefined && window.matchMedia('(prefers-color-scheme: dark)').matches);

/** The commands that work anywhere, and the dialogs they open. */
export function AppCommands() {
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  const creating = useLibraryDialogs((state) => state.creating);
  useEffect(listenForCommands, []);
  useCommands({
    'view.palette': { run: () => setOpen(open === 'palette' ? null : 'palette') },
    'help.shortcuts': { run: () => setOpen('shortcuts') },
    'view.library': { run: () => go({ place: 'library' }) },
    'view.runs': { run: () => go({ place: 'runs' }) },
    'view.schedules': { run: () => go({ place: 'schedules' }) },
    'view.monitor': { run: () => go({ place: 'monitor' }) },
    'view.settings': { run: () => go({ place: 'settings' }) },
    'view.connections': { run: () => go({ place: 'settings', view: 'connections' }) },
    'file.newConnection': { run: () => newConnection() },
    'view.theme': { run: () => saveSettings({ theme: isDark() ? 'light' : 'dark' }) },
    'help.about': { run: () => go({ place: 'settings' }) },
    'file.new': { run: () => useLibraryDialogs.setState({ creating: true }) },
    'file.open': { run: () => setOpen('palette') },
    'file.import': { run: () => void chooseImport() },
  });
  return (
    <>
      <Palette open={open === 'palette'} onOpenChange={(next) => setOpen(next ? 'palette' : null)} />
      <Shortcuts open={open === 'shortcuts'} onOpenChange={(next) => setOpen(next ? 'shortcuts' : null)} />
      {creating ? <NewWorkflowDialog onClose={() => useLibraryDialogs.setState({ creating: false })} /> : null}
      <ImportDrop />
      <ConnectionDialogs />
    </>
  );
}
