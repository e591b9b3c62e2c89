import { RefreshCw, TriangleAlert } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { Button, Dialog } from '../ui/index.ts';
import { save, saveCopy, takeFile } from './save-actions.ts';
import { useDocument, useSession } from './session.ts';
import { words } from './words.ts';

/** The file on disk is another one by now: which version shall it hold? */
export function ConflictDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const session = useSession();
  const then = (act: () => Promise<unknown>) => () => {
    onClose();
    void act();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(words.conflictTitle)}
      description={t(words.conflictText)}
      footer={
        <>
          <Button onClick={then(() => takeFile(session))}>{t(words.takeTheirs)}</Button>
          <Button onClick={then(() => saveCopy(session))}>{t(words.saveCopy)}</Button>
          <Button variant="primary" onClick={then(() => save(session, true))}>
            {t(words.overwrite)}
          </Button>
        </>
      }
    />
  );
}

/** Says that the file was changed outside, for as long as nobody has decided. */
export function OutsideBar() {
  const { t } = useText();
  const session = useSession();
  const outside = useDocument((state) => state.outside);
  if (outside === null) return null;
  return (
    <div role="status" className="flex shrink-0 items-center gap-3 border-b border-line bg-interrupted-soft px-4 py-1.5 text-sm">
      <TriangleAlert className="size-4 shrink-0 text-interrupted" />
      <span className="min-w-0 flex-1 truncate">{t(outside.revision === null ? words.removedOutside : words.changedOutside)}</span>
      {outside.revision === null ? null : (
        <>
          <Button size="sm" icon={<RefreshCw />} onClick={() => void takeFile(session)}>
            {t(words.takeTheirs)}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => void save(session, true)}>
            {t(words.keepMine)}
          </Button>
        </>
      )}
    </div>
  );
}
