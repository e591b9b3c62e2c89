import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface VirtualListProps {
  readonly count: number;
  /** Height of a row in pixels. */
  readonly rowHeight: number;
  readonly renderRow: (index: number) => ReactNode;
  readonly rowKey?: (index: number) => string | number;
  readonly label: string;
  readonly className?: string;
  /** Rows differ in height: they are measured, `rowHeight` is the guess. */
  readonly measured?: boolean;
  /** Keep the end in view while the person is at the end. */
  readonly stickToEnd?: boolean;
  /** The last row came into view: time to fetch more. */
  readonly onEnd?: () => void;
  readonly scrollTo?: number | null;
}

/** A list of any length: only what is seen is in the page. */
export function VirtualList({ count, rowHeight, renderRow, rowKey, label, className, measured = false, stickToEnd = false, onEnd, scrollTo = null }: VirtualListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // oxlint-disable-next-line react/incompatible-library -- a rule for the React compiler, which is not used
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    ...(rowKey === undefined ? {} : { getItemKey: rowKey }),
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd !== undefined && count > 0 && last >= count - 1) onEnd();
  }, [last, count, onEnd]);
  useEffect(() => {
    if (stickToEnd && atEnd.current && count > 0) list.scrollToIndex(count - 1, { align: 'end' });
  }, [stickToEnd, count, list]);
  useEffect(() => {
    if (scrollTo !== null && scrollTo >= 0) list.scrollToIndex(scrollTo, { align: 'auto' });
  }, [scrollTo, list]);
  return (
    <div
      ref={scroller}
      role="list"
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: box }) => (atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < rowHeight * 2)}
      className={cx('min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2', className)}
    >
      <div className="relative w-full" style={{ height: list.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            role="listitem"
            data-index={item.index}
            ref={measured ? list.measureElement : undefined}
            className="absolute top-0 left-0 w-full"
            style={measured ? { transform: `translateY(${item.start}px)` } : { transform: `translateY(${item.start}px)`, height: item.size }}
          >
            {renderRow(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
