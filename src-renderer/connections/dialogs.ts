import { create } from 'zustand';
import { CONNECTION_KINDS } from '#shared/connections/connection';
import type { ConnectionKind } from '#shared/connections/connection';
import type { ConnectionView, MissingConnection } from '#shared/contract/connections';
import type { JsonObject } from '#shared/json';

/** What the form of a connection was opened for. */
export interface Editing {
  /** The connection that is changed; null makes a new one. */
  readonly previous: ConnectionView | null;
  /** Kinds it may be of; of several the person chooses first. */
  readonly kinds: readonly ConnectionKind[];
  /** A name that something refers to already; null leaves the name to the person. */
  readonly name: string | null;
  /** Settings of another that are taken over. */
  readonly settings?: JsonObject;
  readonly onSaved?: (name: string) => void;
}

/** A workflow and what it refers to that this studio has not, with its nodes as a person calls them. */
export interface Missing {
  readonly id: string;
  readonly workflow: string;
  readonly connections: readonly (MissingConnection & { readonly labels: readonly string[] })[];
}

interface Dialogs {
  readonly editing: Editing | null;
  readonly deleting: ConnectionView | null;
  readonly missing: readonly Missing[];
}

/** Which dialogs about connections are open; Settings, the inspector, commands and imports open them. */
export const useConnectionDialogs = create<Dialogs>(() => ({ editing: null, deleting: null, missing: [] }));

/** Opens the form for a new connection. */
export const newConnection = (more: Partial<Omit<Editing, 'previous'>> = {}): void => useConnectionDialogs.setState({ editing: { previous: null, kinds: CONNECTION_KINDS, name: null, ...more } });
/** Opens the form of one that is there. */
export const editConnection = (previous: ConnectionView, onSaved?: (name: string) => void): void =>
  useConnectionDialogs.setState({ editing: { previous, kinds: [previous.kind], name: previous.name, ...(onSaved === undefined ? {} : { onSaved }) } });
/** Opens the form with the settings of another, all but its secrets: those are nobody's to copy. */
export const copyConnection = (from: ConnectionView, name: string): void => newConnection({ kinds: [from.kind], name, settings: from.settings });
export const askDelete = (deleting: ConnectionView): void => useConnectionDialogs.setState({ deleting });

export const closeEditor = (): void => useConnectionDialogs.setState({ editing: null });
export const closeDelete = (): void => useConnectionDialogs.setState({ deleting: null });
export const closeMissing = (): void => useConnectionDialogs.setState({ missing: [] });
