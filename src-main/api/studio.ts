import { api } from './context.ts';
import { present } from './plain.ts';

/** What the studio is, and its settings. */
export const studio = api.studio.router({
  info: api.studio.info.handler(({ context }) => context.studio.info),
  nodes: api.studio.nodes.handler(({ context }) => [...context.studio.specs]),
  settings: api.studio.settings.handler(({ context }) => context.studio.settings.get()),
  retain: api.studio.retain.handler(({ context }) => context.studio.retain()),
  saveSettings: api.studio.saveSettings.handler(({ context, input }) => context.studio.settings.save(present(input))),
});
