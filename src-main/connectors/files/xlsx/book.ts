import { posix } from 'node:path';
import { StudioError } from '#shared/errors';
import { meaningOf } from './formats.ts';
import type { Meaning } from './formats.ts';
import { createXml } from './xml.ts';
import type { Handler } from './xml.ts';
import { openZip } from './zip.ts';
import type { Part, Zip } from './zip.ts';

/** A workbook as far as its cells need it. */
export interface Book {
  readonly path: string;
  readonly zip: Zip;
  readonly sheets: readonly { readonly name: string; readonly hidden: boolean; readonly part: Part }[];
  readonly from1904: boolean;
  /** By a cell's style. */
  readonly meanings: readonly Meaning[];
  readonly strings: readonly string[];
}

/** Letters of all shared texts together: more would fill the memory. */
const MOST_LETTERS = 512 * 2 ** 20;

const broken = (path: string, part: string, thrown: unknown): unknown =>
  thrown instanceof Error && thrown.name === 'StudioError' ? thrown : new StudioError('node_failed', `A part of the workbook is broken: ${part}.`, { place: path, remedy: 'Open it in Excel and save it again.', detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });

/** Reads a part from its beginning to its end. After each piece its reader may leave. */
export async function* readPart(path: string, part: Part, handler: Handler): AsyncGenerator<undefined> {
  const xml = createXml(handler);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of part.bytes()) {
      xml.feed(decoder.decode(chunk, { stream: true }));
      yield undefined;
    }
    xml.feed(decoder.decode());
    xml.end();
    yield undefined;
  } catch (thrown) {
    throw broken(path, part.name, thrown);
  }
}

async function whole(path: string, part: Part | undefined, handler: Handler): Promise<void> {
  if (part === undefined) return;
  for await (const _ of readPart(path, part, handler));
}

const ignore = (): void => undefined;
const opening = (open: Handler['open']): Handler => ({ open, text: ignore, close: ignore });

/** `_x000D_` stands for a letter that XML can't hold. */
export const unescaped = (text: string): string => (text.includes('_x') ? text.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_whole, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))) : text);

/** Collects a rich text: all its pieces, without the reading aids of East Asian texts. */
export function textCollector(): { open(name: string): void; text(text: string): void; close(name: string): void; take(): string } {
  let [inText, aside, found] = [false, 0, ''];
  return {
    open(name) {
      if (name === 't') inText = true;
      if (name === 'rPh') aside += 1;
    },
    text(text) {
      if (inText && aside === 0) found += text;
    },
    close(name) {
      if (name === 't') inText = false;
      if (name === 'rPh') aside -= 1;
    },
    take() {
      const all = unescaped(found);
      found = '';
      return all;
    },
  };
}

async function sharedStrings(path: string, part: Part | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  const collector = textCollector();
  let letters = 0;
  await whole(path, part, {
    open: (name) => collector.open(name),
    text: (text) => collector.text(text),
    close(name) {
      collector.close(name);
      if (name !== 'si') return;
      const text = collector.take();
      letters += text.length;
      if (letters > MOST_LETTERS) throw new StudioError('node_failed', 'The workbook has more text than can be held at once.', { place: path, remedy: 'Save the sheet as CSV and read that.' });
      strings.push(text);
    },
  });
  return strings;
}

async function styles(path: string, part: Part | undefined): Promise<readonly Meaning[]> {
  const codes = new Map<number, string>();
  const meanings: Meaning[] = [];
  let inCells = false;
  await whole(path, part, {
    open(name, attributes) {
      if (name === 'cellXfs') inCells = true;
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0);
        meanings.push(meaningOf(id, codes.get(id)));
      }
    },
    text: ignore,
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return meanings;
}

/** What a part points to, by the pointer's id. */
async function targets(path: string, zip: Zip, part: string): Promise<ReadonlyMap<string, { readonly type: string; readonly part: string }>> {
  const found = new Map<string, { readonly type: string; readonly part: string }>();
  const folder = posix.dirname(part);
  await whole(path, zip.part(posix.join(folder, '_rels', `${posix.basename(part)}.rels`)), opening((name, attributes) => {
    if (name !== 'Relationship') return;
    const { Id: id = '', Type: type = '', Target: given = '' } = attributes;
    const target = given.replaceAll('\\', '/');
    found.set(id, { type: type.slice(type.lastIndexOf('/') + 1), part: posix.join(target.startsWith('/') ? '/' : folder, target) });
  }));
  return found;
}

function otherKind(path: string, zip: Zip): StudioError {
  if (zip.part('xl/workbook.bin') !== undefined) return new StudioError('unsupported', 'This is a binary workbook (.xlsb).', { place: path, remedy: 'Save it as an Excel workbook (.xlsx).' });
  if (zip.part('content.xml') !== undefined) return new StudioError('unsupported', 'This is an OpenDocument file, not an Excel one.', { place: path, remedy: 'Save it as an Excel workbook (.xlsx).' });
  return new StudioError('node_failed', 'This is a ZIP archive, but no workbook is in it.', { place: path, remedy: 'Name an Excel file (.xlsx).' });
}

/** Opens a workbook: its sheets, formats and texts. Throws a sentence for what is no workbook. */
export async function openBook(path: string): Promise<Book> {
  const zip = await openZip(path);
  try {
    const main = [...(await targets(path, zip, '')).values()].find(({ type }) => type === 'officeDocument')?.part ?? 'xl/workbook.xml';
    const entry = zip.part(main);
    if (entry === undefined || main.endsWith('.bin')) throw otherKind(path, zip);
    const parts = await targets(path, zip, main);
    const sheets: Book['sheets'][number][] = [];
    let from1904 = false;
    await whole(path, entry, opening((name, attributes) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const { name: sheet = '', id = '', state = '' } = attributes;
      const target = parts.get(id);
      const found = target === undefined || target.type !== 'worksheet' ? undefined : zip.part(target.part);
      // A sheet of charts has no cells.
      if (found !== undefined) sheets.push({ name: sheet, hidden: state !== '' && state !== 'visible', part: found });
    }));
    const of = (type: string): Part | undefined => zip.part([...parts.values()].find((one) => one.type === type)?.part ?? '');
    return { path, zip, sheets, from1904, meanings: await styles(path, of('styles')), strings: await sharedStrings(path, of('sharedStrings')) };
  } catch (error) {
    zip.close();
    throw error;
  }
}
