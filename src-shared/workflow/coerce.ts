import type { NodeId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import type { NodeSpec, Widget } from '#shared/node-spec';
import { called } from '#shared/workflow/check-config';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';

const FLAGS: ReadonlyMap<string, boolean> = new Map([['true', true], ['false', false], ['yes', true], ['no', false]]);

/** A value in the type its widget asks for, where there is only one way to read it; otherwise as it was. */
function read(widget: Widget, value: Json): Json {
  if (widget.kind === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (widget.kind === 'boolean' && typeof value === 'string') return FLAGS.get(value.trim().toLowerCase()) ?? value;
  if ((widget.kind === 'columns' || widget.kind === 'strings') && typeof value === 'string') return value.split(',').map((item) => item.trim()).filter((item) => item !== '');
  const asText = widget.kind === 'text' || widget.kind === 'multiline' || widget.kind === 'select' || widget.kind === 'expression' || widget.kind === 'column';
  if (asText && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return value;
}

/** Values of another type than the form asks for are read in the only way they can be meant, each with a warning. */
export function coerceConfig(spec: Pick<NodeSpec, 'params'>, config: JsonObject, node: NodeId): { readonly config: JsonObject; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const now = new Map<string, Json>();
  for (const param of spec.params) {
    const value = config[param.name];
    if (value === undefined) continue;
    const meant = read(param.widget, value);
    if (meant === value) continue;
    now.set(param.name, meant);
    problems.push(problem('converted', { field: param.name, found: called(value), value: Array.isArray(meant) ? JSON.stringify(meant) : called(meant) }, { node, field: param.name }));
  }
  return { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, now.get(key) ?? value])), problems };
}
