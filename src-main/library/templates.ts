import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { Workflow } from '#shared/workflow/workflow';
import { fileError, readText } from './files.ts';

/** What a template says about itself under `metadata.template`; it is left out of the workflow made from it. */
const About = z.object({ template: z.object({ order: z.number(), data: z.array(z.string()) }) });

export interface Template {
  readonly id: string;
  readonly workflow: Workflow;
  readonly order: number;
  /** Files it reads, relative to itself, copied along with it. */
  readonly data: readonly string[];
}

/** The folder of the templates that ship with Millrace: the nearest `resources/templates` above this code, built or not. */
export function shippedTemplates(from = import.meta.dirname): string {
  const folder = join(from, 'resources', 'templates');
  return existsSync(folder) || dirname(from) === from ? folder : shippedTemplates(dirname(from));
}

/** Every template, in the order they want to be shown in. */
export async function readTemplates(folder: string): Promise<readonly Template[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const templates = await Promise.all(
    names.map(async (name) => {
      const workflow = Workflow.parse(JSON.parse(await readText(join(folder, name))));
      const { template } = About.parse(workflow.metadata);
      return { id: basename(name, '.json'), workflow, ...template };
    }),
  );
  return templates.toSorted((a, b) => a.order - b.order);
}

/** One by its id, its data copied beside the workflow that is to be made. A file that is there already stays as it is. */
export async function takeTemplate(folder: string, id: string, target: string): Promise<Workflow> {
  const found = (await readTemplates(folder)).find((one) => one.id === id);
  if (found === undefined) throw new StudioError('not_found', `There is no template “${id}”.`, { remedy: 'Choose one from the list.' });
  for (const file of found.data) {
    const to = resolve(target, file);
    try {
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(folder, file), to, constants.COPYFILE_EXCL);
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw fileError(thrown, to);
    }
  }
  const { template: _template, ...metadata } = found.workflow.metadata;
  return { ...found.workflow, metadata };
}
