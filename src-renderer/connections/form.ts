import { ConnectionName } from '#shared/connections/connection';
import type { Connection, ConnectionKind, SecretField } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ErrorInfo } from '#shared/errors';
import { NodeId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { checkConfig } from '#shared/workflow/check-config';
import type { Problem } from '#shared/workflow/workflow';
import { isVisible } from '../widgets/fields.tsx';

/** A connection as it stands in the form. */
export interface Draft extends Connection {
  /** What was typed over its secrets: a text to seal, null to remove; what is left out stays as it is. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** What saving and testing are asked: the draft, and the connection whose kept secrets it has. */
export interface Change extends Draft {
  readonly previous: string | null;
  readonly secrets: Record<string, string | null>;
}

/** An empty form of a kind. */
export const newDraft = (kind: ConnectionKind, name: string, settings: JsonObject = {}): Draft => ({ name, kind, settings, secrets: {} });

/** Secrets that are asked for as the settings stand. */
export const secretsAsked = ({ kind, settings }: Pick<Draft, 'kind' | 'settings'>): readonly SecretField[] => {
  const { params, secrets } = connectionSpecs[kind];
  return secrets.filter((secret) => isVisible(secret, params, settings));
};

/** Of a draft what goes to the studio. Nothing typed is no change, and what is no longer asked for stays as it is. */
export function changeOf(draft: Draft, previous: string | null): Change {
  const asked = new Set(secretsAsked(draft).map((secret) => secret.name));
  const typed = Object.entries(draft.secrets).filter(([field, text]) => asked.has(field) && text !== '');
  return { previous, name: draft.name.trim(), kind: draft.kind, settings: draft.settings, secrets: Object.fromEntries(typed) };
}

/** Would closing the form lose anything? */
export const differs = (draft: Draft, start: Draft): boolean => JSON.stringify(changeOf(draft, null)) !== JSON.stringify(changeOf(start, null));

/** The field that an error of the studio is about: it names a secret together with its connection, `Shop/password`. */
export const placeOf = (error: ErrorInfo, name: string): string | null => {
  const { place } = error;
  return place === undefined ? null : place.startsWith(`${name.trim()}/`) ? place.slice(name.trim().length + 1) : place;
};

export type NameProblem = 'missing' | 'taken' | 'form';

/** What is wrong with a name, or null. `taken`: the names of the others. */
export function nameProblem(name: string, taken: readonly string[]): NameProblem | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'missing';
  if (taken.includes(trimmed)) return 'taken';
  return ConnectionName.safeParse(trimmed).success ? null : 'form';
}

const nowhere = NodeId.parse('connection');
/** What is wrong with the settings, by field, as a node's config is checked. */
export const settingsProblems = ({ kind, settings }: Pick<Draft, 'kind' | 'settings'>): readonly Problem[] => checkConfig(connectionSpecs[kind], settings, { node: nowhere });

/** The name itself, or with the first number behind it that nobody has. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.includes(`${name} ${String(count)}`)) return `${name} ${String(count)}`;
}

/** A name for a new connection of a kind: its label, as far as names may hold it. */
export const usualName = (kind: ConnectionKind, taken: readonly string[]): string => {
  const name = connectionSpecs[kind].label.en.replace(/ [/(].*$/, '');
  return freeName(name, taken);
};

/** The fingerprint of a server's key, as OpenSSH writes it, in a sentence that names one. */
export const fingerprintIn = (text: string): string | null => /SHA256:[A-Za-z0-9+/]{43}=?/.exec(text)?.[0] ?? null;
