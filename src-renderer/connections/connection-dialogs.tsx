import { lazy, Suspense } from 'react';
import { useConnectionDialogs } from './dialogs.ts';

const ConnectionEditor = lazy(() => import('./connection-editor.tsx').then((file) => ({ default: file.ConnectionEditor })));
const DeleteConnection = lazy(() => import('./delete-connection.tsx').then((file) => ({ default: file.DeleteConnection })));
const MissingDialog = lazy(() => import('./missing-dialog.tsx').then((file) => ({ default: file.MissingDialog })));

/** Once, at the window's root: the dialogs about connections, whoever opened them. A form stands above the list that led to it. */
export function ConnectionDialogs() {
  const { editing, deleting, missing } = useConnectionDialogs();
  return (
    <Suspense>
      {missing.length === 0 ? null : <MissingDialog missing={missing} />}
      {editing === null ? null : <ConnectionEditor editing={editing} />}
      {deleting === null ? null : <DeleteConnection connection={deleting} />}
    </Suspense>
  );
}
