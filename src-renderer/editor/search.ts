import type { NodeSpec } from '#shared/node-spec';

const textOf = (spec: NodeSpec): string =>
  [spec.label.en, spec.label.zh, spec.nodeType, spec.type, spec.summary.en, spec.summary.zh, ...(spec.keywords ?? [])].join(' ').toLowerCase();

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
