import type { NodeSpec } from '#shared/node-spec';

/** The control of each key of a node that stands beside its config, by the element's id. */
const CONTROLS: Readonly<Record<string, string>> = {
  onError: 'node-error',
  retry: 'node-retry',
  'retry.attempts': 'node-attempts',
  'retry.backoff': 'node-backoff',
  'retry.initialMs': 'node-initial',
  'retry.maxMs': 'node-longest',
  'retry.jitter': 'node-jitter',
  timeoutMs: 'node-timeout',
  checkpoint: 'node-checkpoint',
  disabled: 'node-disabled',
  note: 'node-note',
};

/** The control in a node's settings that a problem's field leads to; null where the field is one of its config, or pinned rows. */
export const settingsControl = (spec: NodeSpec | null, field: string): string | null =>
  spec?.params.some((param) => field === param.name || field.startsWith(`${param.name}.`)) === true || !Object.hasOwn(CONTROLS, field) ? null : (CONTROLS[field] ?? null);
