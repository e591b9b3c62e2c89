import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '#shared/contract/studio';
import { WorkflowId } from '#shared/ids';
import { canonicalText } from '#shared/workflow/canonical';
import { Workflow } from '#shared/workflow/workflow';
import type { Library, LibraryChange } from '../studio-types.ts';
import { openDrafts } from './drafts.ts';
import { fileError, readText, saveText } from './files.ts';
import { fileNameOf, freeName } from './names.ts';
import { defaultSettings, openSettings } from './settings.ts';
import { revisionOf } from './shelf.ts';
import { shippedTemplates } from './templates.ts';
import { openWorkflowFiles } from './workflow-files.ts';
import type { LibraryFact } from './workflow-files.ts';

let root = '';
let library: Library;
let facts: LibraryFact[] = [];
let changes: LibraryChange[] = [];
let ids = 0;
const folder = (): string => join(root, 'workflows');
const id = (text: string) => WorkflowId.parse(text);
const named = (name: string, text = name) => Workflow.parse({ formatVersion: 1, id: text, name, nodes: [], edges: [] });
const open = (): Promise<Library> =>
  openWorkflowFiles({ folder: folder(), dataDir: root, templates: shippedTemplates(), specs: [], own: () => [], clock: () => 1_700_000_000_000, newId: () => `id-${++ids}`, lastRuns: () => ({}), onFact: (fact) => facts.push(fact) });
/** Waits until the watcher has told what is wanted. */
const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 2400) throw new Error(`never happened; told: ${JSON.stringify(changes)}`);
    await new Promise((wake) => setTimeout(wake, 25));
  }
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'library-'));
  facts = [];
  changes = [];
  library = await open();
  library.subscribe((change) => changes.push(change));
});
afterEach(async () => {
  await library.close();
  await rm(root, { recursive: true, force: true });
});

describe('the library', () => {
  test('makes, opens, saves, lists and exports a workflow', async () => {
    const made = await library.create('Über: café / 报表?');
    expect(made.path).toBe(join(folder(), 'über-café-报表.json'));
    const opened = await library.open(made.id);
    expect(opened).toMatchObject({ revision: made.revision, path: made.path, draft: null, workflow: { name: 'Über: café / 报表?' } });
    const saved = await library.save(made.id, { ...opened.workflow, tags: ['x'] }, made.revision);
    expect(saved.revision).not.toBe(made.revision);
    expect(await library.list()).toMatchObject([{ id: made.id, tags: ['x'], hasDraft: false, problem: null, lastRuns: [] }]);
    expect(await library.export(made.id)).toEqual({ text: await readFile(made.path, 'utf8'), fileName: 'über-café-报表.json' });
    expect(facts.map((fact) => fact.kind)).toEqual(['saved', 'saved']);
  });

  test('a template comes with its data; a file of the person stays as it is', async () => {
    await mkdir(join(folder(), 'data'));
    await writeFile(join(folder(), 'data', 'seattle-weather.csv'), 'mine');
    const { workflow } = await library.open((await library.create('Weather', 'seattle-weather')).id);
    expect(workflow.nodes.length).toBeGreaterThan(5);
    expect(workflow.metadata).toEqual({});
    expect(await readFile(join(folder(), 'data', 'seattle-weather.csv'), 'utf8')).toBe('mine');
    await library.create('Planes', 'airports');
    expect((await stat(join(folder(), 'data', 'airports.csv'))).size).toBeGreaterThan(100_000);
    await expect(library.create('X', 'nothing')).rejects.toMatchObject({ code: 'not_found' });
    expect((await library.templates())[0]).toMatchObject({ id: 'seattle-weather', name: 'Seattle weather' });
  });

  test('a file that changed outside is never overwritten unseen', async () => {
    const made = await library.create('A');
    const { workflow } = await library.open(made.id);
    await writeFile(made.path, canonicalText({ ...workflow, description: 'by git' }));
    await expect(library.save(made.id, workflow, made.revision)).rejects.toMatchObject({ code: 'conflict', place: made.path });
    expect(await readFile(made.path, 'utf8')).toContain('by git');
    await library.save(made.id, workflow, null);
    expect(await readFile(made.path, 'utf8')).not.toContain('by git');
    await rm(made.path);
    await expect(library.save(made.id, workflow, made.revision)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of two saves with one revision exactly one wins', async () => {
    const made = await library.create('A');
    const { workflow } = await library.open(made.id);
    const both = await Promise.allSettled([library.save(made.id, { ...workflow, author: 'x' }, made.revision), library.save(made.id, { ...workflow, author: 'y' }, made.revision)]);
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });

  test('broken files, twins and other JSON', async () => {
    await writeFile(join(folder(), 'a.json'), canonicalText(named('First', 'same')));
    await writeFile(join(folder(), 'b.json'), canonicalText(named('Second', 'same')));
    await writeFile(join(folder(), 'c.json'), '{"nodes": [');
    await writeFile(join(folder(), 'd.json'), Buffer.from([0x7b, 0xff, 0xfe, 0x80]));
    await writeFile(join(folder(), 'package.json'), '{"name": "x"}');
    const list = await library.list();
    expect(list.map((one) => [one.id, one.problem?.slice(0, 30) ?? null])).toEqual([
      ['same', null],
      ['file:b.json', 'a.json has the same id “same”.'],
      ['file:c.json', 'This is not JSON: the text end'],
      ['file:d.json', 'The file is not text in UTF-8.'],
    ]);
    await expect(library.open(id('file:c.json'))).rejects.toMatchObject({ code: 'invalid_workflow' });
    await expect(library.open(id('nobody'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an import lists what is wrong with its schedule', async () => {
    const broken = await library.import(canonicalText({ ...named('Late', 'late'), metadata: { schedule: { cron: '0 25 * * *', timeZone: 'UTC' } } }), 'late.json');
    expect(broken.problems).toContainEqual(expect.objectContaining({ severity: 'error', code: 'schedule_cron', field: 'metadata.schedule.expression', params: expect.objectContaining({ position: '3' }) }));
  });

  test('an import never overwrites: a taken id and a taken name get new ones', async () => {
    const text = canonicalText(named('Twice', 'wf'));
    const first = await library.import(text, 'twice.json');
    const second = await library.import(text, 'twice.json');
    expect(first.id).toBe('wf');
    expect(second).toMatchObject({ id: expect.stringMatching(/^id-/u), path: join(folder(), 'twice-2.json') });
    expect(second.problems.map((one) => one.code)).toEqual(['id_taken', 'no_nodes']);
    await expect(library.import('{"nodes":', 'bad.json')).rejects.toMatchObject({ code: 'invalid_workflow', place: 'bad.json' });
    expect(facts.map((fact) => fact.kind)).toEqual(['imported', 'imported']);
  });

  test('what is deleted is kept in the trash, its draft too', async () => {
    const made = await library.create('A');
    const { workflow } = await library.open(made.id);
    await library.saveDraft(made.id, { workflow, baseRevision: made.revision });
    await library.delete(made.id);
    expect(await library.list()).toEqual([]);
    expect((await readdir(join(root, 'trash'))).toSorted()).toEqual(['2023-11-14T22-13-20.000Z-a.json', '2023-11-14T22-13-20.000Z-a.json.draft']);
    expect(facts.at(-1)).toEqual({ kind: 'deleted', id: made.id, path: made.path });
  });

  test('edits are told, from outside and own ones, once each', async () => {
    const made = await library.create('A');
    const { workflow } = await library.open(made.id);
    const saved = await library.save(made.id, { ...workflow, author: 'me' }, null);
    expect(changes).toEqual([
      { id: made.id, change: 'added', revision: made.revision },
      { id: made.id, change: 'changed', revision: saved.revision },
    ]);
    changes.length = 0;
    await writeFile(join(folder(), 'new.json'), canonicalText(named('New', 'new')));
    await until(() => changes.length === 1);
    expect(changes[0]).toEqual({ id: 'new', change: 'added', revision: revisionOf(named('New', 'new')) });
    await writeFile(join(folder(), 'new.json'), canonicalText(named('Newer', 'new')));
    await until(() => changes.length === 2);
    await rename(join(folder(), 'new.json'), join(root, 'gone.json'));
    await until(() => changes.length === 3);
    expect(changes.slice(1).map((change) => change.change)).toEqual(['changed', 'removed']);
  });

  test('a draft comes back with its undo history, in a new studio too', async () => {
    const made = await library.create('A');
    const { workflow } = await library.open(made.id);
    await library.saveDraft(made.id, { workflow: { ...workflow, author: 'draft' }, baseRevision: made.revision, history: { past: [1, 2] } });
    await library.close();
    library = await open();
    expect((await library.list())[0]?.hasDraft).toBe(true);
    expect((await library.open(made.id)).draft).toMatchObject({ workflow: { author: 'draft' }, baseRevision: made.revision, savedAt: 1_700_000_000_000, history: { past: [1, 2] } });
    await library.discardDraft(made.id);
    expect((await library.open(made.id)).draft).toBeNull();
  });
});

describe('files', () => {
  test('a save that fails keeps the old file and leaves nothing behind', async () => {
    const target = join(root, 'target');
    await mkdir(join(target, 'inside'), { recursive: true });
    await expect(saveText(target, 'text')).rejects.toMatchObject({ name: 'StudioError', place: target });
    expect(await readdir(target)).toEqual(['inside']);
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('saves at once come out whole and in order; mode and links stay', async () => {
    const path = join(root, 'a.txt');
    await Promise.all(Array.from({ length: 20 }, (_, index) => saveText(path, String(index).repeat(10_000))));
    expect(await readFile(path, 'utf8')).toBe('19'.repeat(10_000));
    await chmod(path, 0o600);
    await symlink(path, join(root, 'link'));
    await saveText(join(root, 'link'), 'through');
    expect(await readFile(path, 'utf8')).toBe('through');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('what the system says becomes a sentence', async () => {
    for (const [name, code] of [['ENOSPC', 'io'], ['EROFS', 'read_only'], ['EACCES', 'permission'], ['ENOENT', 'not_found'], ['EWHATEVER', 'io']] as const) {
      expect(fileError(Object.assign(new Error('x'), { code: name }), '/p')).toMatchObject({ code, place: '/p', remedy: expect.any(String) });
    }
    await expect(readText(root)).rejects.toMatchObject({ code: 'invalid_input', message: 'This is a folder, not a file.' });
    await expect(readText(join(root, 'no'))).rejects.toMatchObject({ code: 'not_found' });
    await writeFile(join(root, 'utf16'), Buffer.from('\u{FEFF}{"a": "é"}', 'utf16le'));
    expect(JSON.parse(await readText(join(root, 'utf16')))).toEqual({ a: 'é' });
  });

  test('names are safe on every system', () => {
    expect(fileNameOf('CON')).toBe('con-workflow');
    expect(fileNameOf('..//..')).toBe('workflow');
    expect(Buffer.byteLength(fileNameOf('数'.repeat(300)))).toBeLessThanOrEqual(120);
    expect(freeName('a', ['A', 'a-2'])).toBe('a-3');
  });
});

describe('drafts and settings', () => {
  test('a draft that can not be read is put aside', async () => {
    const drafts = openDrafts(join(root, 'drafts'));
    await drafts.save({ id: id('w'), workflow: named('W', 'w'), baseRevision: 'r', savedAt: 1 });
    const [name = ''] = await readdir(join(root, 'drafts'));
    await writeFile(join(root, 'drafts', name), '{"half');
    expect(await drafts.get(id('w'))).toBeNull();
    expect(await readdir(join(root, 'drafts'))).toEqual([`${name}.broken`]);
  });

  test('a folder that cannot be used is refused and not kept; a new one is made', async () => {
    const path = join(root, 'folder-settings.json');
    const settings = await openSettings(path, { ...defaultSettings(root), folder: root }, () => 7);
    await expect(settings.save({ folder: join(root, 'no', 'such') })).rejects.toMatchObject({ code: 'not_found' });
    await writeFile(join(root, 'a-file'), '');
    await expect(settings.save({ folder: join(root, 'a-file') })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(settings.get().folder).toBe(root);
    expect((await settings.save({ folder: join(root, 'new') })).folder).toBe(join(root, 'new'));
  });

  test('settings: defaults, kept keys, refused values, slips put aside', async () => {
    const path = join(root, 'settings.json');
    const defaults: Settings = { ...defaultSettings('/'), folder: '/w' };
    const settings = await openSettings(path, defaults, () => 7);
    expect(settings.get()).toEqual(defaults);
    const heard: string[] = [];
    settings.subscribe((now) => heard.push(now.theme));
    await Promise.all([settings.save({ theme: 'dark' }), settings.save({ workers: 2 })]);
    await expect(settings.save({ workers: 0 })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(heard).toEqual(['dark', 'dark']);
    await writeFile(path, JSON.stringify({ theme: 'pink', workers: 3, mine: 1 }));
    const slip = await openSettings(path, defaults, () => 7);
    expect(slip.get()).toEqual({ ...defaults, workers: 3 });
    expect(await readFile(`${path}.broken-7`, 'utf8')).toContain('pink');
    await slip.save({ language: 'zh' });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ mine: 1, language: 'zh', theme: 'system' });
    await writeFile(path, '{');
    expect((await openSettings(path, defaults, () => 8)).get()).toEqual(defaults);
    expect(await readFile(`${path}.broken-8`, 'utf8')).toBe('{');
  });
});
