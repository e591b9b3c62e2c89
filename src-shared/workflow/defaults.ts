import type { Json, JsonObject } from '#shared/json';
import type { NodeSpec, Param, Widget } from '#shared/node-spec';

/** Kinds where an empty text means that nothing was entered; in others it is a text of no letters. */
const EMPTY_IS_LEFT_OUT: ReadonlySet<Widget['kind']> = new Set(['number', 'select', 'expression', 'column', 'path']);

/** Was anything entered? null and, where an empty text means nothing, '' count as left out. */
export function isLeftOut(widget: Widget, value: Json | undefined): boolean {
  if (value === undefined) return true;
  if (value === null) return widget.kind !== 'json';
  return value === '' && EMPTY_IS_LEFT_OUT.has(widget.kind);
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function filled(widget: Widget, value: Json): Json {
  if (!Array.isArray(value)) return value;
  const items: readonly Json[] = value;
  if (widget.kind === 'list') return items.map((item) => (isObject(item) ? fill(widget.item, item) : item));
  if (widget.kind === 'variants') {
    return items.map((item) => {
      if (!isObject(item)) return item;
      const variant = widget.variants.find((one) => one.value === item[widget.tag]);
      return variant === undefined ? item : fill(variant.params, item);
    });
  }
  return value;
}

function fill(params: readonly Param[], config: JsonObject): JsonObject {
  const full: Record<string, Json> = { ...config };
  for (const param of params) {
    const value = config[param.name];
    if (value !== undefined && !isLeftOut(param.widget, value)) full[param.name] = filled(param.widget, value);
    else if (param.default === undefined) delete full[param.name];
    else full[param.name] = param.default;
  }
  return full;
}

/**
 * A node's config as the node will see it: defaults filled in, down into lists and variants; what was left out and has no default is
 * not there. Unknown keys stay. The config itself is not touched.
 */
export const withDefaults = (spec: Pick<NodeSpec, 'params'>, config: JsonObject): JsonObject => fill(spec.params, config);
