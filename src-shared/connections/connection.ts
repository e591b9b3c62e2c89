import { z } from 'zod';
import { JsonObject } from '#shared/json';
import { ErrorInfo } from '#shared/errors';
import type { Param, Text } from '#shared/node-spec';

/** Everything a connection can lead to. Closed: a new kind does not compile until it has a spec (`kinds.ts`). */
export const CONNECTION_KINDS = ['postgresql', 'mysql', 'sqlite', 'duckdb', 'kafka', 'redis', 'http', 'sftp'] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** A part of a connection that is sealed: it goes into the studio and never comes back out to the window. */
export interface SecretField {
  readonly name: string;
  readonly label: Text;
  /** One sentence. */
  readonly help: Text;
  /** Of several lines, as a private key is. */
  readonly multiline?: boolean;
  /** Asked for only while a setting has one of these values. */
  readonly visibleWhen?: Param['visibleWhen'];
  /** The setting that it is asked for behind, and only where that is asked for; at the end of the form where it names none. */
  readonly after?: string;
}

/** What a connection of a kind is made of: pure data, from which the window makes its form. */
export interface ConnectionSpec {
  readonly kind: ConnectionKind;
  readonly label: Text;
  /** One sentence. */
  readonly summary: Text;
  /** A lucide icon's name in kebab-case. */
  readonly icon: string;
  /** Asked for as a node's parameters are. None of them is secret. */
  readonly params: readonly Param[];
  readonly secrets: readonly SecretField[];
}

/** Workflows refer to a connection by this name, so it is what a person would write: letters, digits, spaces, - _ . ( ). */
export const ConnectionName = z.string().trim().min(1).max(100).regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._()-]*[\p{L}\p{N}_)])?$/u);

/** As it is kept in connections.json, without anything secret. */
export const Connection = z.object({ name: ConnectionName, kind: z.enum(CONNECTION_KINDS), settings: JsonObject });
export type Connection = z.infer<typeof Connection>;

/** A connection with its secrets opened, by name of their field. It exists in the studio's process and its workers, never in the window, the journal or a file. */
export interface OpenConnection extends Connection {
  readonly secrets: Readonly<Record<string, string>>;
}

/** The steps of reaching a server, in their order; a kind leaves out those that it has not. */
export const TEST_STEPS = ['settings', 'file', 'host', 'port', 'tls', 'login', 'database', 'ready'] as const;

/** What a test of a connection found: each step that was tried, the last of which failed where `error` is not null. */
export const TestReport = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ step: z.enum(TEST_STEPS), ok: z.boolean(), detail: z.string() })),
  /** What answered: "PostgreSQL 15.18". */
  server: z.string().nullable(),
  durationMs: z.number(),
  error: ErrorInfo.nullable(),
});
export type TestReport = z.infer<typeof TestReport>;
export type TestStep = (typeof TEST_STEPS)[number];
