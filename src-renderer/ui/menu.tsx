import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import { dangerItemClass, itemClass, menuClass, menuLabelClass, separatorClass } from './menu-style.ts';

/** A menu is data: the same list serves a dropdown and a context menu. */
export type MenuEntry =
  | {
      readonly kind?: 'item';
      readonly id: string;
      readonly label: ReactNode;
      readonly icon?: ReactNode;
      readonly keys?: string | undefined;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onSelect: () => void;
    }
  | { readonly kind: 'separator'; readonly id: string }
  | { readonly kind: 'label'; readonly id: string; readonly label: ReactNode };

type Parts = Pick<typeof RadixDropdown, 'Item' | 'Separator' | 'Label'> | Pick<typeof RadixContext, 'Item' | 'Separator' | 'Label'>;

function Entries({ entries, parts }: { readonly entries: readonly MenuEntry[]; readonly parts: Parts }) {
  return entries.map((entry) => {
    if (entry.kind === 'separator') return <parts.Separator key={entry.id} className={separatorClass} />;
    if (entry.kind === 'label') {
      return (
        <parts.Label key={entry.id} className={menuLabelClass}>
          {entry.label}
        </parts.Label>
      );
    }
    return (
      <parts.Item key={entry.id} disabled={entry.disabled === true} onSelect={entry.onSelect} className={cx(itemClass, entry.danger === true && dangerItemClass)}>
        {entry.icon}
        <span className="truncate">{entry.label}</span>
        {entry.keys === undefined ? null : (
          <span className="ml-auto pl-6">
            <Kbd keys={entry.keys} />
          </span>
        )}
      </parts.Item>
    );
  });
}

interface DropdownMenuProps {
  readonly entries: readonly MenuEntry[];
  /** The button; it must pass its ref and props on. */
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
}

export function DropdownMenu({ entries, children, align = 'end' }: DropdownMenuProps) {
  return (
    <RadixDropdown.Root modal={false}>
      <RadixDropdown.Trigger asChild>{children}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content align={align} sideOffset={4} collisionPadding={8} className={menuClass}>
          <Entries entries={entries} parts={RadixDropdown} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

interface ContextMenuProps {
  readonly entries: readonly MenuEntry[];
  /** One element that passes its ref and props on. */
  readonly children: ReactNode;
}

export function ContextMenu({ entries, children }: ContextMenuProps) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={menuClass}>
          <Entries entries={entries} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
