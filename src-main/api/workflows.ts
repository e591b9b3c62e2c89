import type { Workflow } from '#shared/workflow/workflow';
import type { Draft, Studio } from '../studio-types.ts';
import { api } from './context.ts';
import { latest } from './stream.ts';

/** A workflow as the window holds it: its relative paths start where its file is. */
async function draftOf(studio: Studio, workflow: Workflow): Promise<Draft> {
  const { folder } = await studio.placeOf(workflow.id);
  return { workflow, folder };
}

/** The library, drafts, and what the editor asks about a graph that is not running. */
export const workflows = api.workflows.router({
  list: api.workflows.list.handler(async ({ context }) => [...(await (await context.studio.library()).list())]),
  open: api.workflows.open.handler(async ({ context, input }) => (await context.studio.library()).open(input.id)),
  create: api.workflows.create.handler(async ({ context, input }) => (await context.studio.library()).create(input.name, input.template)),
  save: api.workflows.save.handler(async ({ context, input }) => (await context.studio.library()).save(input.id, input.workflow, input.expectedRevision)),
  import: api.workflows.import.handler(async ({ context, input }) => {
    const imported = await (await context.studio.library()).import(input.text, input.name);
    return { ...imported, problems: [...imported.problems] };
  }),
  export: api.workflows.export.handler(async ({ context, input }) => (await context.studio.library()).export(input.id)),
  delete: api.workflows.delete.handler(async ({ context, input }) => {
    await (await context.studio.library()).delete(input.id);
    return {};
  }),
  check: api.workflows.check.handler(async ({ context, input }) => [...(await context.studio.check(input.workflow))]),
  saveDraft: api.workflows.saveDraft.handler(async ({ context, input }) => {
    const { id, ...draft } = input;
    await (await context.studio.library()).saveDraft(id, draft);
    return {};
  }),
  discardDraft: api.workflows.discardDraft.handler(async ({ context, input }) => {
    await (await context.studio.library()).discardDraft(input.id);
    return {};
  }),
  templates: api.workflows.templates.handler(async ({ context }) => [...(await (await context.studio.library()).templates())]),
  changes: api.workflows.changes.handler(async function* ({ context, signal }) {
    const library = await context.studio.library();
    yield* latest((listener) => library.subscribe(listener), (change) => change.id, signal);
  }),
  columns: api.workflows.columns.handler(async ({ context, input }) => context.studio.executor.columns(await draftOf(context.studio, input.workflow))),
  preview: api.workflows.preview.handler(async ({ context, input }) => {
    const { sample, profile } = await context.studio.executor.preview(await draftOf(context.studio, input.workflow), input.node, input.port, input.limit);
    return { sample, profile: [...profile] };
  }),
  tryExpression: api.workflows.tryExpression.handler(async ({ context, input }) => {
    const draft = await draftOf(context.studio, input.workflow);
    const { type, values } = await context.studio.executor.expression(draft, input.node, input.text, input.scope, input.limit);
    return { type, values: [...values] };
  }),
});
