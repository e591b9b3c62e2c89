import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Json, JsonObject } from '#shared/json';
import type { Param } from '#shared/node-spec';
import { useText } from '../i18n/use-text.ts';
import { Button, DropdownMenu, IconButton, Input } from '../ui/index.ts';
import { Fields } from './fields.tsx';
import { isObject, objectsOf, textOf } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

const without = (item: JsonObject, name: string, value: Json | undefined): JsonObject =>
  value === undefined ? Object.fromEntries(Object.entries(item).filter(([key]) => key !== name)) : { ...item, [name]: value };

interface ItemProps {
  readonly title: ReactNode;
  readonly index: number;
  readonly count: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

function Item({ title, index, count, onMove, onRemove, children }: ItemProps) {
  const { t } = useText();
  return (
    <li
      className="rounded-lg border border-line bg-sunken"
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        event.stopPropagation();
        onMove(event.key === 'ArrowUp' ? -1 : 1);
      }}
    >
      <div className="flex h-8 items-center gap-0.5 pr-1 pl-2.5">
        <span className="min-w-0 flex-1 truncate text-xs font-medium text-ink-2">{title}</span>
        <IconButton size="sm" label={t(words.moveUp)} disabled={index === 0} icon={<ArrowUp />} onClick={() => onMove(-1)} />
        <IconButton size="sm" label={t(words.moveDown)} disabled={index === count - 1} icon={<ArrowDown />} onClick={() => onMove(1)} />
        <IconButton size="sm" label={t(words.remove)} icon={<X />} onClick={onRemove} />
      </div>
      <div className="flex flex-col gap-3 border-t border-line px-2.5 py-2.5 empty:hidden">{children}</div>
    </li>
  );
}

/** A list's edits, whatever its items are. */
function edits(items: readonly JsonObject[], onChange: (value: Json | undefined) => void) {
  const put = (next: readonly JsonObject[]): void => onChange(next.length === 0 ? undefined : next);
  return {
    add: (item: JsonObject) => put([...items, item]),
    set: (index: number, name: string, value: Json | undefined) => put(items.map((item, place) => (place === index ? without(item, name, value) : item))),
    remove: (index: number) => put(items.toSpliced(index, 1)),
    move: (index: number, by: -1 | 1) => {
      const item = items[index];
      if (item !== undefined && index + by >= 0 && index + by < items.length) put(items.toSpliced(index, 1).toSpliced(index + by, 0, item));
    },
  };
}

/** What an item is called in its header: the first text in it. */
const titleOf = (item: JsonObject, params: readonly Param[]): string => params.map((param) => textOf(item[param.name])).find((text) => text !== '') ?? '';

/** Objects of one shape. */
export function ListWidget({ widget, path, value, onChange }: WidgetProps<'list'>) {
  const { t, pick } = useText();
  const items = objectsOf(value);
  const { add, set, remove, move } = edits(items, onChange);
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-col gap-2 empty:hidden">
        {items.map((item, index) => (
          <Item key={index} index={index} count={items.length} title={titleOf(item, widget.item) || t(words.item, index + 1)} onMove={(by) => move(index, by)} onRemove={() => remove(index)}>
            <Fields params={widget.item} config={item} path={`${path}[${String(index)}]`} onChange={(name, next) => set(index, name, next)} />
          </Item>
        ))}
      </ul>
      <Button size="sm" className="self-start" icon={<Plus />} onClick={() => add({})}>
        {pick(widget.addLabel)}
      </Button>
    </div>
  );
}

/** Objects of several shapes, in an order that matters. */
export function VariantsWidget({ widget, path, value, onChange }: WidgetProps<'variants'>) {
  const { pick } = useText();
  const items = objectsOf(value);
  const { add, set, remove, move } = edits(items, onChange);
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-col gap-2 empty:hidden">
        {items.map((item, index) => {
          const variant = widget.variants.find((one) => one.value === item[widget.tag]);
          return (
            <Item key={index} index={index} count={items.length} title={`${String(index + 1)}. ${variant === undefined ? textOf(item[widget.tag]) : pick(variant.label)}`} onMove={(by) => move(index, by)} onRemove={() => remove(index)}>
              {variant === undefined ? null : <Fields params={variant.params} config={item} path={`${path}[${String(index)}]`} onChange={(name, next) => set(index, name, next)} />}
            </Item>
          );
        })}
      </ul>
      <DropdownMenu align="start" entries={widget.variants.map((variant) => ({ id: variant.value, label: pick(variant.label), onSelect: () => add({ [widget.tag]: variant.value }) }))}>
        <Button size="sm" className="self-start" icon={<Plus />}>
          {pick(widget.addLabel)}
        </Button>
      </DropdownMenu>
    </div>
  );
}

/** Names and texts. A row without a name is kept here until it has one. */
export function MapWidget({ widget, id, value, onChange }: WidgetProps<'map'>) {
  const { t, pick } = useText();
  const [rows, setRows] = useState<readonly (readonly [string, string])[] | null>(null);
  const stored = isObject(value) ? Object.entries(value).map(([key, one]): readonly [string, string] => [key, textOf(one)]) : [];
  const fits = rows !== null && JSON.stringify(Object.fromEntries(rows.filter(([key]) => key !== ''))) === JSON.stringify(Object.fromEntries(stored));
  const shown = fits && rows !== null ? rows : stored;
  const put = (next: readonly (readonly [string, string])[]): void => {
    setRows(next);
    const named = next.filter(([key]) => key !== '');
    onChange(named.length === 0 ? undefined : Object.fromEntries(named));
  };
  return (
    <div className="flex flex-col gap-1.5">
      {shown.map(([key, text], index) => (
        <div key={index} className="flex items-center gap-1.5">
          <Input aria-label={pick(widget.keyLabel)} placeholder={pick(widget.keyLabel)} value={key} onChange={(event) => put(shown.with(index, [event.target.value, text]))} />
          <Input aria-label={pick(widget.valueLabel)} placeholder={pick(widget.valueLabel)} value={text} onChange={(event) => put(shown.with(index, [key, event.target.value]))} />
          <IconButton size="sm" label={t(words.remove)} icon={<X />} onClick={() => put(shown.toSpliced(index, 1))} />
        </div>
      ))}
      <Button id={id} size="sm" className="self-start" icon={<Plus />} onClick={() => setRows([...shown, ['', '']])}>
        {t(words.add)}
      </Button>
    </div>
  );
}
