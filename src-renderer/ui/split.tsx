import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { cx } from './cx.ts';

interface SplitProps {
  /** Where the pane with a size of its own is. */
  readonly side: 'left' | 'right' | 'top' | 'bottom';
  readonly pane: ReactNode;
  readonly children: ReactNode;
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** The size is remembered under this name. */
  readonly name: string;
  /** What the handle is called by a screen reader. */
  readonly label: string;
  /** The pane is left out, its size kept. */
  readonly collapsed?: boolean;
}

const STEP = 16;
const remembered = (name: string, initial: number): number => {
  const kept = Number(localStorage.getItem(`millrace:split:${name}`));
  return Number.isFinite(kept) && kept > 0 ? kept : initial;
};

/** Two panes with a handle between them: dragged, moved with the arrow keys, reset by a double click. */
export function Split({ side, pane, children, initial, min, max, name, label, collapsed = false }: SplitProps) {
  const [size, setSize] = useState(() => remembered(name, initial));
  const drag = useRef<{ readonly from: number; readonly size: number } | null>(null);
  const horizontal = side === 'left' || side === 'right';
  const sign = side === 'left' || side === 'top' ? 1 : -1;
  const clamp = useCallback((value: number) => Math.round(Math.min(max, Math.max(min, value))), [min, max]);
  useEffect(() => localStorage.setItem(`millrace:split:${name}`, String(size)), [name, size]);

  const place = (event: PointerEvent): number => (horizontal ? event.clientX : event.clientY);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: place(event), size };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag.current !== null) setSize(clamp(drag.current.size + sign * (place(event) - drag.current.from)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const grow = horizontal ? 'ArrowRight' : 'ArrowDown';
    const shrink = horizontal ? 'ArrowLeft' : 'ArrowUp';
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    setSize((now) => clamp(now + (event.key === grow ? 1 : -1) * sign * STEP));
  };

  const sized = collapsed ? null : (
    <div key="pane" className="flex min-h-0 min-w-0 shrink-0 flex-col overflow-hidden" style={horizontal ? { width: size, maxWidth: '75%' } : { height: size, maxHeight: '80%' }}>
      {pane}
    </div>
  );
  const handle = collapsed ? null : (
    <div
      key="handle"
      role="separator"
      aria-label={label}
      aria-orientation={horizontal ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onLostPointerCapture={() => (drag.current = null)}
      onDoubleClick={() => setSize(initial)}
      onKeyDown={onKeyDown}
      className={cx(
        'group relative z-10 shrink-0 bg-line transition-colors hover:bg-accent focus-visible:bg-accent focus-visible:outline-none',
        horizontal ? 'w-px cursor-col-resize after:absolute after:inset-y-0 after:-inset-x-1' : 'h-px cursor-row-resize after:absolute after:inset-x-0 after:-inset-y-1',
      )}
    />
  );
  const rest = (
    <div key="rest" className="flex min-h-0 min-w-0 flex-1 flex-col">
      {children}
    </div>
  );
  return <div className={cx('flex min-h-0 min-w-0 flex-1', horizontal ? 'flex-row' : 'flex-col')}>{sign === 1 ? [sized, handle, rest] : [rest, handle, sized]}</div>;
}
