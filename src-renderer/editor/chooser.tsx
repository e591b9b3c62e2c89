import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { cx, fieldClass } from '../ui/index.ts';

interface ChooserProps<T> {
  readonly at: { readonly x: number; readonly y: number };
  readonly label: string;
  readonly empty: string;
  readonly find: (query: string) => readonly T[];
  readonly idOf: (item: T) => string;
  readonly renderRow: (item: T) => ReactNode;
  readonly onChoose: (item: T) => void;
  readonly onClose: () => void;
  /** Told which entry is under the cursor while it walks. */
  readonly onWalk?: (item: T) => void;
}

const WIDTH = 300;
const HEIGHT = 340;

/** A list with a search at a place on the screen: type, walk with the arrows, Enter. */
export function Chooser<T>({ at, label, empty, find, idOf, renderRow, onChoose, onClose, onWalk }: ChooserProps<T>) {
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const items = find(query).slice(0, 60);
  const index = Math.min(cursor, items.length - 1);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) onClose();
    };
    // The press that opened it is still on its way.
    const timer = setTimeout(() => window.addEventListener('pointerdown', outside, true));
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', outside, true);
    };
  }, [onClose]);
  useEffect(() => {
    // A block body: newer browsers return a promise here, which React would take for a cleanup.
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the cursor's move is what it is for
  }, [index]);
  const go = (to: number): void => {
    const next = (to + items.length) % Math.max(1, items.length);
    setCursor(next);
    const item = items[next];
    if (item !== undefined) onWalk?.(item);
  };
  return createPortal(
    <div
      ref={box}
      role="dialog"
      data-popover=""
      data-state="open"
      aria-label={label}
      className="fixed z-40 flex animate-enter flex-col overflow-hidden rounded-lg bg-raised shadow-high"
      style={{ width: WIDTH, maxHeight: HEIGHT, left: Math.max(8, Math.min(at.x, window.innerWidth - WIDTH - 8)), top: Math.max(8, Math.min(at.y, window.innerHeight - HEIGHT - 8)) }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
        else if (event.key === 'ArrowDown') go(index + 1);
        else if (event.key === 'ArrowUp') go(index - 1);
        else if (event.key === 'Enter' && items[index] !== undefined && !event.nativeEvent.isComposing) onChoose(items[index]);
        else return;
        event.preventDefault();
      }}
    >
      <div className="shrink-0 p-1.5">
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="chooser-list"
          aria-activedescendant={items[index] === undefined ? undefined : `chooser-${idOf(items[index])}`}
          aria-label={label}
          placeholder={label}
          spellCheck={false}
          className={cx(fieldClass, 'h-8')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setCursor(0);
          }}
        />
      </div>
      <div id="chooser-list" role="listbox" aria-label={label} className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-1.5">
        {items.length === 0 ? <p className="px-2 py-3 text-sm text-ink-2">{empty}</p> : null}
        {items.map((item, place) => (
          <div
            key={idOf(item)}
            id={`chooser-${idOf(item)}`}
            role="option"
            aria-selected={place === index}
            className="flex min-h-8.5 items-center gap-2.5 rounded-md px-2 py-1 text-sm aria-selected:bg-hover"
            onPointerMove={() => setCursor(place)}
            onClick={() => onChoose(item)}
          >
            {renderRow(item)}
          </div>
        ))}
      </div>
    </div>,
    window.document.body,
  );
}
