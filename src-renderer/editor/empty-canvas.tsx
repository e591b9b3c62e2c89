import { MousePointerClick, Plus } from 'lucide-react';
import { words } from '../canvas/words.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/index.ts';
import { centre } from './edit-actions.ts';
import { useSession } from './session.ts';

/** What an empty canvas says: the two ways to begin. */
export function EmptyCanvas() {
  const { t } = useText();
  const session = useSession();
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center">
      <div className="flex flex-col items-center gap-1.5 text-center">
        <MousePointerClick className="mb-1 size-6 stroke-[1.5] text-ink-3" />
        <h2 className="text-md font-medium">{t(words.emptyTitle)}</h2>
        <p className="max-w-72 text-sm text-ink-2">{t(words.emptyText)}</p>
        <Button
          className="pointer-events-auto mt-3"
          icon={<Plus />}
          onClick={(event) => session.view.setState({ quickAdd: { at: centre(session), screen: { x: event.clientX - 150, y: event.clientY + 16 }, end: null, edge: null } })}
        >
          {t(words.addFirst)}
        </Button>
      </div>
    </div>
  );
}
