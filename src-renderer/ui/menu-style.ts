/** The look that every menu shares: dropdown, context menu, select. */
export const menuClass = 'z-50 min-w-44 max-w-80 overflow-y-auto rounded-lg bg-raised p-1 text-sm text-ink shadow-high animate-enter';
export const itemClass =
  'flex h-7 items-center gap-2 rounded-md px-2 outline-none select-none data-disabled:opacity-45 data-highlighted:bg-active [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-3';
export const dangerItemClass = 'text-failed [&_svg]:text-failed data-highlighted:bg-failed-soft';
export const separatorClass = 'mx-1 my-1 h-px bg-line';
export const menuLabelClass = 'px-2 pt-1.5 pb-0.5 text-2xs font-medium text-ink-3';
