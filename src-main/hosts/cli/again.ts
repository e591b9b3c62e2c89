import { NodeId } from '#shared/ids';
import type { RunId } from '#shared/ids';
import { forkOf, rerunOf } from '../../api/run-requests.ts';
import { builtInNodes } from '../../nodes/registry.ts';
import type { RunRequest, Studio } from '../../studio-types.ts';
import type { Problem } from '#shared/workflow/workflow';
import { runIn } from './find-run.ts';
import { reading } from './open-journal.ts';
import { openStudio } from './open-studio.ts';
import type { StudioPlace } from './open-studio.ts';
import { readWorkflowFile } from './read-file.ts';
import { answeringJson, readable, startAndFollow, warn } from './run.ts';

interface Options extends StudioPlace {
  readonly json: boolean;
}

const TRIGGER = { kind: 'cli' } as const;

/** Runs a run's workflow again as it was, taking over what still stands; `from` and what follows it run in any case. */
export function rerun(run: string, from: string | undefined, options: Options): Promise<number> {
  return anew(run, options, (studio, id) => ({ request: rerunOf({ studio, trigger: TRIGGER }, id, from === undefined ? undefined : NodeId.parse(from)), problems: [] }));
}

/** Runs an edited workflow from an event of a run on: what the run had given up to then is taken over where it would be the same. */
export function fork(run: string, version: number, path: string, options: Options): Promise<number> {
  return anew(run, options, (studio, id) => {
    const read = readWorkflowFile(path, builtInNodes);
    if (!options.json) warn(read);
    // Its relative paths start where those of the run did: what stands is found again.
    return { request: { ...forkOf({ studio, trigger: TRIGGER }, id, version, readable(read)), file: read.file }, problems: read.problems };
  });
}

function anew(run: string, options: Options, make: (studio: Studio, id: RunId) => { readonly request: RunRequest; readonly problems: readonly Problem[] }): Promise<number> {
  return answeringJson(options.json, async () => {
    const id = await reading(options.dataDir, (journal) => runIn(journal, run).id);
    const studio = await openStudio(options, false);
    try {
      const { request, problems } = make(studio, id);
      return await startAndFollow(studio, request, problems, options.json);
    } finally {
      await studio.close();
    }
  });
}
