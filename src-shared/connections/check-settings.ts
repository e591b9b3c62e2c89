import type { Connection } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import { checkConfig } from '#shared/workflow/check-config';
import { problem } from '#shared/workflow/problems';
import type { Problem } from '#shared/workflow/workflow';

/** user:password@ in an address. */
const LOGIN_IN_ADDRESS = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@]*@/iu;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/u;

/** Every problem of a connection's settings, field by field: its kind's form, and what is secret and would rest there unsealed. */
export function checkSettings({ kind, settings }: Pick<Connection, 'kind' | 'settings'>): readonly Problem[] {
  const { params, secrets } = connectionSpecs[kind];
  const sealed = new Set(secrets.map((one) => one.name));
  const open = Object.entries(settings).flatMap(([field, value]): readonly Problem[] => {
    if (sealed.has(field)) return [problem('setting_secret', { field }, { field })];
    if (typeof value !== 'string') return [];
    if (PRIVATE_KEY.test(value)) return [problem('setting_key', { field }, { field })];
    return LOGIN_IN_ADDRESS.test(value.trim()) ? [problem('setting_login', { field }, { field })] : [];
  });
  return [...open, ...checkConfig({ params }, settings, {}).filter((one) => !sealed.has(one.field ?? ''))];
}
