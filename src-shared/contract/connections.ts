import { oc } from '@orpc/contract';
import { z } from 'zod';
import { WorkflowId } from '#shared/ids';
import { Connection, ConnectionName, TestReport } from '#shared/connections/connection';

/** A connection as the window sees it: of its secrets only which are there. */
export const ConnectionView = Connection.extend({
  secrets: z.record(z.string(), z.boolean()),
  /** Of those that are there, the ones that can't be opened here: they are to be entered again. */
  unopened: z.array(z.string()).optional(),
  /** Names of the workflows that refer to it. */
  usedBy: z.array(z.string()),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** Secrets by field: a text is sealed in place of what was there, null removes it, a field left out stays as it is. */
const SecretChanges = z.record(z.string(), z.string().max(100_000).nullable());

/**
 * Where secrets rest. `system`: the system's keyring (`detail` names it); `keyFile`: a file sealed with a key from a file or the environment
 * (`detail` names where that is); `plain`: nothing here can seal, and the person has agreed to plain text; `refused`: nothing can seal, and
 * nobody has agreed; `broken`: the key can't be read, or does not open all that is there, or a file is damaged: `detail` says which, in
 * sentences. What can be opened works all the same.
 */
export const SecretStore = z.object({ kind: z.enum(['system', 'keyFile', 'plain', 'refused', 'broken']), detail: z.string() });
export type SecretStore = z.infer<typeof SecretStore>;

/** A connection somebody's workflow refers to and this studio has not. `kinds`: what it may be. */
export const MissingConnection = z.object({ name: z.string(), kinds: z.array(Connection.shape.kind), nodes: z.array(z.string()) });
export type MissingConnection = z.infer<typeof MissingConnection>;

const named = z.object({ name: ConnectionName });

export const connectionsContract = {
  list: oc.route({ method: 'GET', path: '/connections', summary: 'Connections' }).output(z.object({ connections: z.array(ConnectionView), store: SecretStore })),
  /** Makes it, or changes the one called `previous`; workflows that refer to the old name are not touched. Throws invalid_input, conflict (the name is taken), and permission where a secret can't be sealed. */
  save: oc
    .route({ method: 'POST', path: '/connections', summary: 'Save a connection' })
    .input(Connection.extend({ previous: ConnectionName.nullable(), secrets: SecretChanges }))
    .output(ConnectionView),
  /** Throws not_found. */
  delete: oc.route({ method: 'DELETE', path: '/connections/{name}', summary: 'Delete a connection' }).input(named).output(z.object({})),
  /** Tries it as it stands in the form: secrets left out are those that are kept under `previous`. Never throws for what the server says. */
  test: oc
    .route({ method: 'POST', path: '/connections/test', summary: 'Test a connection' })
    .input(Connection.extend({ previous: ConnectionName.nullable(), secrets: SecretChanges }))
    .output(TestReport),
  /** What this workflow refers to and the studio has not. Throws not_found. */
  missing: oc.route({ method: 'GET', path: '/workflows/{id}/missing-connections', summary: 'Connections a workflow misses' }).input(z.object({ id: WorkflowId })).output(z.array(MissingConnection)),
  /** The person agrees that secrets are kept as plain text (or no longer does: those are removed then). */
  allowPlainText: oc.route({ method: 'POST', path: '/connections/plain-text', summary: 'Agree to secrets in plain text' }).input(z.object({ allow: z.boolean() })).output(SecretStore),
};
