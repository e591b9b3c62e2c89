import type { NodeId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import type { NodeSpec, Param, Variant, Widget, WidgetKind } from '#shared/node-spec';
import { isLeftOut, withDefaults } from '#shared/workflow/defaults';
import { nearest } from '#shared/workflow/nearest';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';

interface Place {
  /** Left out where the form is no node's. */
  readonly node?: NodeId;
  readonly severity?: Problem['severity'];
}
type Check<K extends WidgetKind> = (widget: Extract<Widget, { kind: K }>, value: Json, field: string, at: Place, param: Param) => readonly Problem[];

/** What a JSON value is called in a sentence; short texts are quoted. */
export function called(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return value.length > 40 ? 'a text' : `the text “${value}”`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const wrong = (expected: string, value: Json, field: string, at: Place): readonly Problem[] => [problem('config_type', { field, expected, found: called(value) }, { ...at, field })];

/** `https://…`, `s3://…`, `file://…`; one letter before the colon is a disk of Windows. */
export const isAddress = (path: string): boolean => /^[a-z][a-z\d+.-]+:\/\//i.test(path.trimStart());

const isText = (_widget: Widget, value: Json, field: string, at: Place): readonly Problem[] => (typeof value === 'string' ? [] : wrong('a text', value, field, at));

const texts = (_widget: Widget, value: Json, field: string, at: Place): readonly Problem[] => {
  if (!Array.isArray(value)) return wrong('a list of texts', value, field, at);
  return value.flatMap((item: Json, index) => (typeof item === 'string' ? [] : wrong('a text', item, `${field}[${index}]`, at)));
};

/** One entry a kind of widget: a kind without one does not compile. */
const checks: { readonly [K in WidgetKind]: Check<K> } = {
  text: (widget, value, field, at, param) => {
    if (typeof value !== 'string') return wrong('a text', value, field, at);
    if (widget.maxLength !== undefined && value.length > widget.maxLength) return [problem('config_too_long', { field, found: String(value.length), limit: String(widget.maxLength) }, { ...at, field })];
    if (value === '' || widget.pattern === undefined || new RegExp(widget.pattern, 'u').test(value)) return [];
    return [problem('config_pattern', { field, found: value, help: param.help.en, 'help:zh': param.help.zh }, { ...at, field })];
  },
  multiline: isText,
  connection: isText,
  expression: isText,
  column: isText,
  path: (widget, value, field, at) => {
    if (typeof value !== 'string') return isText(widget, value, field, at);
    if (value.includes('\0')) return [problem('config_nul', { field }, { ...at, field })];
    return isAddress(value) ? [problem('config_url', { field, found: value.slice(0, 200) }, { ...at, field })] : [];
  },
  number: (widget, value, field, at) => {
    const expected = widget.integer === true ? 'a whole number' : 'a number';
    if (typeof value !== 'number' || !Number.isFinite(value) || (widget.integer === true && !Number.isInteger(value))) return wrong(expected, value, field, at);
    const bounds = { ...at, field };
    if (widget.min !== undefined && value < widget.min) return [problem('config_range', { field, bound: `at least ${widget.min}`, 'bound:zh': `不小于 ${widget.min}`, found: String(value) }, bounds)];
    if (widget.max !== undefined && value > widget.max) return [problem('config_range', { field, bound: `at most ${widget.max}`, 'bound:zh': `不大于 ${widget.max}`, found: String(value) }, bounds)];
    return [];
  },
  boolean: (_widget, value, field, at) => (typeof value === 'boolean' ? [] : wrong('true or false', value, field, at)),
  select: (widget, value, field, at) => {
    if (typeof value !== 'string') return wrong('a text', value, field, at);
    if (widget.options.some((option) => option.value === value)) return [];
    return [problem('config_option', { field, found: value, options: widget.options.map((option) => option.value).join(', ') }, { ...at, field })];
  },
  columns: texts,
  strings: texts,
  map: (_widget, value, field, at) => {
    if (!isObject(value)) return wrong('an object of texts', value, field, at);
    return Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [] : wrong('a text', item, `${field}.${key}`, at)));
  },
  list: (widget, value, field, at) => {
    if (!Array.isArray(value)) return wrong('a list of objects', value, field, at);
    return value.flatMap((item: Json, index) => {
      const place = `${field}[${index}]`;
      return isObject(item) ? checkParams(widget.item, item, `${place}.`, at) : wrong('an object', item, place, at);
    });
  },
  variants: (widget, value, field, at) => {
    if (!Array.isArray(value)) return wrong('a list of objects', value, field, at);
    return value.flatMap((item: Json, index) => checkVariant(widget.tag, widget.variants, item, `${field}[${index}]`, at));
  },
  rows: (_widget, value, field, at) => (Array.isArray(value) || typeof value === 'string' ? [] : wrong('rows (a list, or text in CSV or JSON)', value, field, at)),
  json: () => [],
};

function checkVariant(tag: string, variants: readonly Variant[], item: Json, field: string, at: Place): readonly Problem[] {
  if (!isObject(item)) return wrong('an object', item, field, at);
  const chosen = item[tag];
  const place = `${field}.${tag}`;
  if (chosen === undefined) return [problem('shape_missing', { field: place, expected: variants.map((one) => one.value).join(', ') }, { ...at, field: place })];
  const variant = variants.find((one) => one.value === chosen);
  if (variant !== undefined) return checkParams(variant.params, item, `${field}.`, at, tag);
  return [problem('config_option', { field: place, found: typeof chosen === 'string' ? chosen : called(chosen), options: variants.map((one) => one.value).join(', ') }, { ...at, field: place })];
}

/** An empty list where something is required is the same as nothing; no rows at all are still rows. */
const isMissing = (widget: Widget, value: Json | undefined): boolean =>
  isLeftOut(widget, value) || (typeof value === 'string' && value.trim() === '' && widget.kind !== 'rows') || (Array.isArray(value) && value.length === 0 && widget.kind !== 'rows' && widget.kind !== 'json');

function checkParams(params: readonly Param[], config: JsonObject, prefix: string, at: Place, tag?: string): readonly Problem[] {
  const full = withDefaults({ params }, config);
  const problems: Problem[] = [];
  for (const param of params) {
    const { visibleWhen } = param;
    if (visibleWhen !== undefined && !visibleWhen.equals.some((value) => value === full[visibleWhen.param])) continue;
    const field = `${prefix}${param.name}`;
    const value = full[param.name];
    if (param.required === true && isMissing(param.widget, value)) {
      problems.push(problem('config_missing', { field, label: param.label.en, 'label:zh': param.label.zh, help: param.help.en, 'help:zh': param.help.zh }, { ...at, field }));
    } else if (value !== undefined && !isLeftOut(param.widget, value)) {
      const check = checks[param.widget.kind] as Check<WidgetKind>;
      problems.push(...check(param.widget, value, field, at, param));
    }
  }
  const known = new Set(params.map((param) => param.name));
  const { severity: _own, ...place } = at;
  for (const key of Object.keys(config)) {
    if (known.has(key) || key === tag) continue;
    const near = nearest(key, known);
    const field = `${prefix}${key}`;
    problems.push(near === null ? problem('config_unknown', { field }, { ...place, field }) : problem('config_unknown_near', { field, near }, { ...place, field }));
  }
  return problems;
}

/** Every problem of a config against its form, a node type's or that of a kind of connection, down into lists and variants. */
export const checkConfig = (spec: Pick<NodeSpec, 'params'>, config: JsonObject, at: Place): readonly Problem[] => checkParams(spec.params, config, '', at);
