import { Pencil, Plus, TriangleAlert } from 'lucide-react';
import { connectionSpecs } from '#shared/connections/kinds';
import { useConnections } from '../app/queries.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { editConnection, newConnection } from '../connections/dialogs.ts';
import { whereTo } from '../connections/summary.ts';
import { connectionText } from '../connections/text.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton, Select } from '../ui/index.ts';
import { textOf } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

/** The name of one of the person's connections that fit. A name that is not here stays as it stands in the file, and can be set up from here. */
export function ConnectionWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'connection'>) {
  const { t, pick } = useText();
  const { data } = useConnections();
  const name = textOf(value);
  const all = data?.connections ?? [];
  const fitting = all.filter((one) => widget.kinds.includes(one.kind));
  const chosen = fitting.find((one) => one.name === name);
  const other = all.find((one) => one.name === name && one !== chosen);
  const missing = data !== undefined && name !== '' && chosen === undefined;
  const options = [
    ...(param.required === true ? [] : [{ value: '-', label: <span className="text-ink-3">{t(words.notSet)}</span> }]),
    ...fitting.map((one) => ({
      value: `=${one.name}`,
      label: (
        <span className="inline-flex items-center gap-2 align-bottom">
          <NodeIcon name={connectionSpecs[one.kind].icon} className="size-3.5 shrink-0 text-ink-3" />
          <span>{one.name}</span>
          <span className="text-xs text-ink-3">{whereTo(one)}</span>
        </span>
      ),
    })),
    ...(name !== '' && chosen === undefined
      ? [
          {
            value: `=${name}`,
            label: missing ? (
              <span className="inline-flex items-center gap-2 align-bottom text-failed">
                <TriangleAlert className="size-3.5 shrink-0" aria-hidden="true" />
                <span>{name}</span>
                <span className="text-xs">{other === undefined ? t(connectionText.missing) : pick(connectionSpecs[other.kind].label)}</span>
              </span>
            ) : (
              name
            ),
          },
        ]
      : []),
  ];
  return (
    <div className="flex items-center gap-1.5">
      <Select
        id={id}
        className="min-w-0 flex-1"
        invalid={invalid || missing}
        value={name === '' ? (param.required === true ? '' : '-') : `=${name}`}
        placeholder={t(connectionText.notSet)}
        onValue={(next) => onChange(next === '-' ? undefined : next.slice(1))}
        options={options}
        actions={[
          {
            id: 'new',
            label: (
              <span className="inline-flex items-center gap-2 align-bottom">
                <Plus className="size-3.5 shrink-0" aria-hidden="true" />
                {t(connectionText.newMore)}
              </span>
            ),
            onSelect: () => newConnection({ kinds: widget.kinds, onSaved: onChange }),
          },
        ]}
      />
      {chosen === undefined ? null : (
        <IconButton variant="secondary" label={t(connectionText.editOf, chosen.name)} icon={<Pencil />} onClick={() => editConnection(chosen, (saved) => (saved === chosen.name ? undefined : onChange(saved)))} />
      )}
      {missing && other === undefined ? <Button onClick={() => newConnection({ kinds: widget.kinds, name, onSaved: (saved) => (saved === name ? undefined : onChange(saved)) })}>{t(connectionText.setUp)}</Button> : null}
    </div>
  );
}
