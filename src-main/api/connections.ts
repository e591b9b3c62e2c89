import { api } from './context.ts';

/** Connections: everything but their secrets goes out, their secrets only come in. */
export const connections = api.connections.router({
  list: api.connections.list.handler(async ({ context }) => (await context.studio.connections()).list()),
  save: api.connections.save.handler(async ({ context, input }) => (await context.studio.connections()).save(input)),
  delete: api.connections.delete.handler(async ({ context, input }) => {
    await (await context.studio.connections()).delete(input.name);
    return {};
  }),
  test: api.connections.test.handler(async ({ context, input }) => (await context.studio.connections()).test(input)),
  missing: api.connections.missing.handler(async ({ context, input }) => {
    const { workflow } = await (await context.studio.library()).open(input.id);
    return [...(await (await context.studio.connections()).missing(workflow))];
  }),
  allowPlainText: api.connections.allowPlainText.handler(async ({ context, input }) => (await context.studio.connections()).allowPlainText(input.allow)),
});
