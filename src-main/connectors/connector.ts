import type { ConnectionKind, OpenConnection, TestReport } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';

/** What a test of a connection may use. A relative path starts at the workflow folder. */
export interface TestContext {
  readonly signal: AbortSignal;
  resolve(path: string): string;
}

/** What Millrace knows of a kind of connection besides its form: how to find out whether it works. */
export interface Connector {
  /** Never rejects for what the server does: that is in the report. Ends soon after the signal. */
  test(connection: OpenConnection, context: TestContext): Promise<TestReport>;
}

// Loaded when one is asked for: a worker that reads a file starts without the clients of six servers.
const found = import.meta.glob<{ readonly default: Connector }>('./*/connector.ts');

/** The connector of a kind: the folder of that name beside this file. */
export async function connectorOf(kind: ConnectionKind): Promise<Connector> {
  const load = found[`./${kind}/connector.ts`];
  if (load === undefined) throw new StudioError('unsupported', `Nothing here can reach a connection of the kind “${kind}”.`, { place: kind });
  return (await load()).default;
}
