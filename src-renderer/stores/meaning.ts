import type { Workflow } from '#shared/workflow/workflow';

/** The parts of a document that decide what its rows are: moving nodes or writing notes leaves them alone. */
export function sameMeaning(a: Workflow, b: Workflow): boolean {
  if (a === b) return true;
  return (
    a.edges === b.edges &&
    a.nodes.length === b.nodes.length &&
    a.nodes.every((node, index) => {
      const other = b.nodes[index];
      return other !== undefined && (node === other || (node.id === other.id && node.config === other.config && node.nodeType === other.nodeType && node.type === other.type && node.disabled === other.disabled && node.onError === other.onError && node.pin === other.pin));
    })
  );
}
