import { StudioError } from '#shared/errors';
import { api } from './context.ts';
import type { ApiContext, Dialogs } from './context.ts';
import { listFolder } from './list-folder.ts';

function dialogsOf(context: ApiContext): Dialogs {
  if (context.dialogs === null) {
    throw new StudioError('unsupported', 'This studio runs without a screen of its own, so it cannot open a system dialog.', { remedy: 'Browse with files.list, or type the path.' });
  }
  return context.dialogs;
}

/** The system's dialogs where the host has them, and a plain look into folders everywhere. */
export const files = api.files.router({
  pick: api.files.pick.handler(async ({ context, input }) => ({ path: await dialogsOf(context).pick(input) })),
  list: api.files.list.handler(({ context, input }) => listFolder(input.path ?? context.studio.settings.get().folder)),
  reveal: api.files.reveal.handler(async ({ context, input }) => {
    await dialogsOf(context).reveal(input.path);
    return {};
  }),
});
