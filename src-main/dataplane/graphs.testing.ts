import type { JsonObject, Json } from '#shared/json';
import type { NodeSpec } from '#shared/node-spec';

/** A config with the spec's defaults filled in, as the checks hand it to a node. */
export function defaultConfig(spec: NodeSpec, config: JsonObject): JsonObject {
  const defaults: Record<string, Json> = {};
  for (const param of spec.params) if (param.default !== undefined) defaults[param.name] = param.default;
  return { ...defaults, ...config };
}
