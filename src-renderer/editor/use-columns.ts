import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Column } from '#shared/data';
import type { Workflow } from '#shared/workflow/workflow';
import { sourcePortOf, specOf } from '../stores/edit/ports.ts';
import { sameMeaning } from '../stores/meaning.ts';
import { useDocument, useSession } from './session.ts';

/** The document as it was last changed in its meaning, after `quiet` milliseconds of rest. */
export function useSettled(quiet: number): Workflow {
  const workflow = useDocument((state) => state.workflow);
  const [settled, setSettled] = useState(workflow);
  const last = useRef(workflow);
  useEffect(() => {
    if (sameMeaning(last.current, workflow)) return undefined;
    const timer = setTimeout(() => {
      last.current = workflow;
      setSettled(workflow);
    }, quiet);
    return () => clearTimeout(timer);
  }, [workflow, quiet]);
  return settled;
}

const none: readonly Column[] = [];

/** The columns that come into a node, over all its inputs, as far as they can be known. */
export function useInputColumns(node: string): readonly Column[] {
  const { client, specs, id } = useSession();
  const workflow = useSettled(400);
  const { data } = useQuery({ queryKey: ['columns', id, workflow], queryFn: () => client.workflows.columns({ workflow }), placeholderData: (before) => before, retry: false, staleTime: 30_000 });
  if (data === undefined) return none;
  const found = new Map<string, Column>();
  for (const edge of workflow.edges) {
    if (edge.target !== node) continue;
    const source = workflow.nodes.find((one) => one.id === edge.source);
    if (source === undefined) continue;
    for (const column of data[source.id]?.[sourcePortOf(edge, specOf(specs, source))] ?? none) if (!found.has(column.name)) found.set(column.name, column);
  }
  return [...found.values()];
}
