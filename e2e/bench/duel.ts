import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionKind } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { measure, median } from './process.ts';

/** Nodes in a row. */
export type Steps = readonly (readonly [type: string, nodeType: string, config: JsonObject])[];

/** A `millrace run` beside what a person without Millrace would have used for the same. */
export interface Duel {
  readonly name: string;
  /** Rows, or megabytes, that each of the two moves. */
  readonly amount: number;
  /** The other tool: a command of a shell. */
  readonly tool: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The workflow of a round. */
  readonly nodes: (round: number) => Steps;
  /** Done before each of the two. */
  readonly clear?: () => unknown;
  /** Throws where one of them has not moved everything. */
  readonly check: (who: 'tool' | 'millrace') => Promise<void>;
}

export interface DuelFigures {
  readonly tool: number;
  readonly millrace: number;
  readonly ratio: number;
}

const cli = join(import.meta.dirname, '../main/cli.js');
const SECRET = 'MILLRACE_BENCH_SECRET';

/** Sets a connection up in the bench's data folder. */
export async function connect(folder: string, name: string, kind: ConnectionKind, settings: Readonly<Record<string, string | number | boolean>>, secret?: { readonly field: string; readonly value: string }): Promise<void> {
  const given = Object.entries(settings).flatMap(([field, value]) => ['--setting', `${field}=${value}`]);
  const { code, stdout } = await measure(process.execPath, [cli, 'connections', 'set', name, '--kind', kind, ...given, ...(secret === undefined ? [] : ['--secret-env', `${secret.field}=${SECRET}`]), '--data-dir', join(folder, 'connections-data')], { env: { [SECRET]: secret?.value ?? '' } });
  if (code !== 0) throw new Error(`The connection ${name} could not be set up: ${stdout}`);
}

function workflowFile(folder: string, name: string, steps: Steps, limitMb: number | null): string {
  mkdirSync(folder, { recursive: true });
  const nodes = steps.map(([type, nodeType, config], index) => ({ id: `n${index}`, type, nodeType, position: { x: index * 250, y: 0 }, config }));
  const edges = nodes.slice(1).map((node, index) => ({ id: `e${index}`, source: `n${index}`, target: node.id }));
  const path = join(folder, `${name.replaceAll(/\W+/gu, '-')}.json`);
  writeFileSync(path, JSON.stringify({ formatVersion: 1, id: 'bench', name, settings: limitMb === null ? {} : { memoryLimitMb: limitMb }, nodes, edges }));
  return path;
}

/** The whole `millrace run`, from its start to its end; with a limit of memory, its memory is looked at. */
export async function runFlow(folder: string, name: string, nodes: Steps, limitMb: number | null = null): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const { seconds, peakMb, code, stdout } = await measure(process.execPath, [cli, 'run', workflowFile(folder, name, nodes, limitMb), '--data-dir', join(folder, 'connections-data'), '--json'], { memory: limitMb !== null });
  if (code !== 0) throw new Error(`${name}: millrace run ended with ${code}: ${stdout}`);
  return { seconds, peakMb };
}

/** The two in turn, so that both see the same machine; the first pair warms what is warm for both. Units a second, and how many times as long ours takes. */
export async function fight(folder: string, duel: Duel, times: number): Promise<DuelFigures> {
  const tool: number[] = [];
  const ours: number[] = [];
  for (let index = 0; index <= times; index += 1) {
    await duel.clear?.();
    const other = await measure('bash', ['-c', `set -eo pipefail; ${duel.tool}`], duel.env === undefined ? {} : { env: duel.env });
    if (other.code !== 0) throw new Error(`${duel.name}: the other tool ended with ${other.code}: ${other.stdout}`);
    await duel.check('tool');
    await duel.clear?.();
    const { seconds } = await runFlow(folder, duel.name, duel.nodes(index));
    await duel.check('millrace');
    if (index === 0) continue;
    tool.push(other.seconds);
    ours.push(seconds);
  }
  return { tool: duel.amount / median(tool), millrace: duel.amount / median(ours), ratio: median(ours.map((seconds, index) => seconds / (tool[index] ?? Number.NaN))) };
}
