import type { ConnectionKind, ConnectionSpec } from '#shared/connections/connection';
import { duckdb, mysql, postgresql, sqlite } from '#shared/connections/kinds/databases';
import { http, kafka, redis, sftp } from '#shared/connections/kinds/services';

/** What each kind of connection asks for, in the order in which they are offered. */
export const connectionSpecs: { readonly [K in ConnectionKind]: ConnectionSpec } = { postgresql, mysql, sqlite, duckdb, kafka, redis, http, sftp };
