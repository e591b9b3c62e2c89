import { useConnections } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { Select } from '../ui/index.ts';
import { textOf } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

/** The name of one of the person's connections. A name that is not here stays as it stands in the file. */
export function ConnectionWidget({ widget, id, value, onChange, invalid }: WidgetProps<'connection'>) {
  const { t } = useText();
  const { data } = useConnections();
  const name = textOf(value);
  const fitting = (data?.connections ?? []).filter((one) => widget.kinds.includes(one.kind));
  const options = [
    { value: '-', label: <span className="text-ink-3">{t(words.notSet)}</span> },
    ...fitting.map((one) => ({ value: `=${one.name}`, label: one.name })),
    ...(name !== '' && !fitting.some((one) => one.name === name) ? [{ value: `=${name}`, label: name }] : []),
  ];
  return <Select id={id} invalid={invalid} value={name === '' ? '-' : `=${name}`} onValue={(next) => onChange(next === '-' ? undefined : next.slice(1))} options={options} />;
}
