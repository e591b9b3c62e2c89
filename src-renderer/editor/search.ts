import { NODE_KINDS } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';

const textOf = (spec: NodeSpec): string =>
  [spec.label.en, spec.label.zh, spec.nodeType, spec.type, spec.summary.en, spec.summary.zh, ...(spec.keywords ?? [])].join(' ').toLowerCase();

/** Kinds of places that rows come from and go to, by the beginning of the type's name: files first, then servers, then what needs neither. */
const FAMILIES = ['file', 'sql', 'kafka', 'redis', 'http'];

/** Where a type stands among those of its kind: in one family with its neighbours. Transforms of rows come before those that ask a server. */
const familyOf = ({ type, nodeType }: NodeSpec): number => {
  const family = FAMILIES.indexOf(nodeType.split('.')[0] ?? '');
  return family === -1 ? (type === 'source' || type === 'sink' ? FAMILIES.length : -1) : family;
};

/** The palette's order. */
export const arrangeSpecs = (specs: readonly NodeSpec[]): readonly NodeSpec[] => specs.toSorted((a, b) => NODE_KINDS.indexOf(a.type) - NODE_KINDS.indexOf(b.type) || familyOf(a) - familyOf(b));

/** Node types that have every word, the best first: those whose name begins with the query, then whose name holds it, then the rest. */
export function searchSpecs(specs: readonly NodeSpec[], query: string): readonly NodeSpec[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return specs;
  const words = wanted.split(/\s+/);
  const rank = (spec: NodeSpec): number => {
    const names = [spec.label.en.toLowerCase(), spec.label.zh, spec.nodeType];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  return specs.filter((spec) => words.every((word) => textOf(spec).includes(word))).toSorted((a, b) => rank(a) - rank(b));
}
