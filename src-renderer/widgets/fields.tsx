import { ChevronRight } from 'lucide-react';
import { Fragment, useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Json, JsonObject } from '#shared/json';
import type { Param, WidgetKind } from '#shared/node-spec';
import { say } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import { cx, Prose } from '../ui/index.ts';
import { useForm } from './widget.ts';
import type { WidgetProps } from './widget.ts';

const more = say('More', '更多');

/** Is the parameter shown, given the others? */
export function isVisible({ visibleWhen: rule }: { readonly visibleWhen?: Param['visibleWhen'] }, params: readonly Param[], config: JsonObject): boolean {
  if (rule === undefined) return true;
  const value = config[rule.param] ?? params.find((other) => other.name === rule.param)?.default ?? null;
  return rule.equals.some((wanted) => wanted === value);
}

interface FieldsProps {
  readonly params: readonly Param[];
  readonly config: JsonObject;
  /** Of the object these fields belong to: '' for the config itself, `columns[2]` for an item. */
  readonly path: string;
  readonly onChange: (name: string, value: Json | undefined) => void;
  /** Fields of another sort that stand behind the one of this name. */
  readonly after?: (name: string) => ReactNode;
}

/** A form: one field a visible parameter, the advanced ones folded away until one of them is wrong or set. */
export function Fields({ params, config, path, onChange, after }: FieldsProps) {
  const { t } = useText();
  const { problemAt } = useForm();
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const visible = params.filter((param) => isVisible(param, params, config));
  const advanced = visible.filter((param) => param.advanced === true);
  const urgent = advanced.some((param) => config[param.name] !== undefined || problemAt(at(param.name)) !== null);
  const [open, setOpen] = useState(urgent);
  const field = (param: Param) => (
    <Fragment key={param.name}>
      <ParamField param={param} path={at(param.name)} value={config[param.name]} onChange={(value) => onChange(param.name, value)} />
      {after?.(param.name)}
    </Fragment>
  );
  return (
    <>
      {visible.filter((param) => param.advanced !== true).map(field)}
      {advanced.length === 0 ? null : (
        <div className="flex flex-col gap-3.5">
          <button type="button" aria-expanded={open} className="-ml-1 flex h-6 items-center gap-1 self-start rounded-md px-1 text-xs font-medium text-ink-2 hover:bg-hover" onClick={() => setOpen(!open)}>
            <ChevronRight className={cx('size-3.5 transition-transform', open && 'rotate-90')} />
            {t(more)}
          </button>
          {open ? advanced.map(field) : null}
        </div>
      )}
    </>
  );
}

interface ParamFieldProps {
  readonly param: Param;
  readonly path: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

/** Widgets of several controls, each with a name of its own: the field's label names the group. */
const GROUPS: ReadonlySet<WidgetKind> = new Set(['list', 'variants', 'map', 'rows']);

/** A label, the widget, and below it what is wrong or what it is for. */
function ParamField({ param, path, value, onChange }: ParamFieldProps) {
  const { pick } = useText();
  const id = useId();
  const { problemAt, widgets } = useForm();
  // Items of these have no field of their own to say it.
  const problem = problemAt(path, param.widget.kind === 'strings' || param.widget.kind === 'columns');
  const Widget = widgets[param.widget.kind] as React.ComponentType<WidgetProps>;
  const inline = param.widget.kind === 'boolean';
  const group = GROUPS.has(param.widget.kind) || (param.widget.kind === 'strings' && param.widget.options !== undefined);
  const Label = group ? 'span' : 'label';
  return (
    <div data-field={path} className="flex flex-col gap-1" {...(group ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}>
      <div className={cx('flex items-center gap-2', inline && 'justify-between')}>
        <Label id={`${id}-label`} {...(group ? {} : { htmlFor: id })} className="text-xs font-medium text-ink-2">
          {pick(param.label)}
          {param.required === true ? <span className="text-ink-3"> *</span> : null}
        </Label>
        {inline ? <Widget widget={param.widget} param={param} id={id} path={path} value={value} onChange={onChange} invalid={problem !== null} /> : null}
      </div>
      {inline ? null : <Widget widget={param.widget} param={param} id={id} path={path} value={value} onChange={onChange} invalid={problem !== null} />}
      {problem === null ? (
        <p className="text-xs text-ink-3">
          <Prose text={pick(param.help)} />
        </p>
      ) : (
        <p role="alert" className="text-xs text-failed">
          <Prose text={problem} />
        </p>
      )}
    </div>
  );
}
