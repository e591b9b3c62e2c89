import { useStore } from '@xyflow/react';
import { Map as MapIcon, Maximize, Minus, Network, Plus, StickyNote } from 'lucide-react';
import { words } from '../canvas/words.ts';
import { commandOf } from '../commands/list.ts';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from '../ui/index.ts';
import { addNoteHere } from './edit-actions.ts';
import { fit, tidyAll, zoom } from './layout-actions.ts';
import { useSession, useView } from './session.ts';
import { words as editorWords } from './words.ts';

/** Zoom, fit, tidy, minimap: at the canvas's lower left. */
export function CanvasControls() {
  const { t, f } = useText();
  const session = useSession();
  const scale = useStore((state) => state.transform[2]);
  const minimap = useView((state) => state.minimap);
  return (
    <div className="absolute bottom-3 left-3 z-5 flex items-center gap-0.5 rounded-lg border border-line bg-raised p-0.5 shadow-low" role="toolbar" aria-label={t(words.viewTools)}>
      <IconButton side="top" label={t(words.zoomOut)} keys={commandOf('view.zoomOut').keys} icon={<Minus />} onClick={() => zoom(session, 'out')} />
      <button type="button" className="w-11 rounded-md text-center text-xs text-ink-2 hover:bg-hover" aria-label={t(words.actualSize, scale)} onClick={() => zoom(session, 1)}>
        {f.percent(scale)}
      </button>
      <IconButton side="top" label={t(words.zoomIn)} keys={commandOf('view.zoomIn').keys} icon={<Plus />} onClick={() => zoom(session, 'in')} />
      <IconButton side="top" label={t(words.fit)} keys={commandOf('view.fit').keys} icon={<Maximize />} onClick={() => fit(session)} />
      <span className="mx-0.5 h-4 w-px bg-line" />
      <IconButton side="top" label={t(words.tidy)} keys={commandOf('layout.tidy').keys} icon={<Network />} onClick={() => void tidyAll(session)} />
      <IconButton side="top" label={t(editorWords.addNote)} icon={<StickyNote />} onClick={() => addNoteHere(session)} />
      <IconButton side="top" label={t(words.minimap)} pressed={minimap} icon={<MapIcon />} onClick={() => session.view.setState({ minimap: !minimap })} />
    </div>
  );
}
