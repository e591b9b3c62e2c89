import { builtInNodes, specsOf } from '../../nodes/registry.ts';
import { DONE, printJson, table } from './output.ts';

/** The catalogue: what each node type is, and with --json its whole spec. */
export function nodes(json: boolean): number {
  const specs = specsOf(builtInNodes);
  if (json) printJson(specs);
  else process.stdout.write(table(['type', 'node type', 'what it does'], specs.map((spec) => [spec.type, spec.nodeType, spec.summary.en])));
  return DONE;
}
