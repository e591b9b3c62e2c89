import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { inject } from 'vitest';
import type { ConnectionKind } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { millrace, newFolder } from '../kills/command-line.ts';
import type { Said } from '../kills/command-line.ts';

const templates = resolve(import.meta.dirname, '../../resources/templates');

/** A template as its file has it, as far as a test changes it. */
export interface Flow {
  readonly nodes: { readonly id: string; config: JsonObject; retry?: object; type: string; nodeType: string }[];
  readonly edges: { readonly id: string; readonly source: string; readonly target: string }[];
  readonly metadata: { schedule?: object; template?: { readonly data: readonly string[] } };
}

/** What `run --json` says. */
export interface Ran {
  readonly said: Said;
  readonly runId: string;
  readonly status: string;
  readonly failedNode?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly remedy?: string };
  readonly nodes: readonly { readonly id: string; readonly rowsIn: number; readonly rowsOut: unknown; readonly attempts: unknown }[];
  readonly console: readonly { readonly node: string | null; readonly text: string }[];
}

/** A person with a fresh data folder, who knows the command line and nothing else. */
export interface Person {
  readonly folder: string;
  readonly data: string;
  readonly cli: (args: readonly string[], more?: { readonly input?: string; readonly meanwhile?: (child: ChildProcess) => void }) => Promise<Said>;
  /** Sets a connection up; its secret comes on standard input. */
  readonly connect: (name: string, kind: ConnectionKind, settings: Readonly<Record<string, string | number | boolean>>, secret?: { readonly field: string; readonly value: string }) => Promise<void>;
  /** Takes a template with its data into the folder, changed as a person would change it, and answers the file's path. */
  readonly take: (template: string, change?: (flow: Flow) => void) => string;
  readonly run: (file: string, meanwhile?: (child: ChildProcess) => void) => Promise<Ran>;
  /** The only file of `output` whose name matches. */
  readonly output: (name: RegExp) => string;
}

export function newPerson(): Person {
  const built = inject('built');
  const folder = newFolder();
  const data = join(folder, 'data-folder');
  const cli: Person['cli'] = (args, more) => millrace(built, [...args, '--data-dir', data], more);
  return {
    folder,
    data,
    cli,
    async connect(name, kind, settings, secret) {
      const given = Object.entries(settings).flatMap(([field, value]) => ['--setting', `${field}=${value}`]);
      const said = await cli(['connections', 'set', name, '--kind', kind, ...given, ...(secret === undefined ? [] : ['--secret', secret.field])], { input: secret?.value ?? '' });
      if (said.code !== 0) throw new Error(`connections set ${name}: ${said.stderr}`);
    },
    take(template, change) {
      const flow = JSON.parse(readFileSync(join(templates, `${template}.json`), 'utf8')) as Flow;
      for (const name of flow.metadata.template?.data ?? []) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        copyFileSync(join(templates, name), join(folder, name));
      }
      change?.(flow);
      const path = join(folder, `${template}.json`);
      writeFileSync(path, JSON.stringify(flow));
      return path;
    },
    async run(file, meanwhile) {
      const said = await cli(['run', file, '--json'], meanwhile === undefined ? {} : { meanwhile });
      return { ...(said.stdout === '' ? {} : (JSON.parse(said.stdout) as object)), said } as Ran;
    },
    output(name) {
      const found = readdirSync(join(folder, 'output')).filter((one) => name.test(one));
      if (found.length !== 1) throw new Error(`${found.length} files of output/ are ${String(name)}: ${readdirSync(join(folder, 'output')).join(', ')}`);
      return join(folder, 'output', found[0] ?? '');
    },
  };
}

/** Rows as DuckDB reads them, its own texts: of files, or of whatever its SQL can say. */
export async function rowsOf(select: string): Promise<readonly (readonly (string | null)[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM (${select})`)).getRows() as (string | null)[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
