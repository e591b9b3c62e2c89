import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { filesBehind } from '../../connectors/files/behind.ts';
import type { Found } from '../../connectors/files/behind.ts';
import type * as ArrowRead from '../../connectors/files/arrow-read.ts';
import { checkArrow } from '../../connectors/files/signature.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { column, failed } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly columns: readonly string[];
  readonly filename: boolean;
}

const BATCH_ROWS = 2048;

type Reader = typeof ArrowRead;

/** The columns of all files by name. Throws node_failed where two files give one different types. */
async function columnsOf(files: readonly (Found & { readonly form: 'file' | 'stream' })[], wanted: readonly string[], reader: Reader): Promise<readonly Column[]> {
  const known = new Map<string, { readonly type: string; readonly path: string }>();
  for (const { path, form } of files) {
    const open = await reader.openArrow(path, form);
    await open.close();
    const twice = open.fields.find(({ name }, index) => open.fields.findIndex((field) => field.name === name) !== index);
    if (twice !== undefined) throw new StudioError('unsupported', `Two columns are called “${twice.name}”.`, { place: path, remedy: 'Give them names of their own where the file is written.' });
    // A column that nobody asked for may be of a type that can't be read.
    const names = open.fields.map((field) => field.name).filter((name) => wanted.length === 0 || wanted.some((one) => one.toLowerCase() === name.toLowerCase()));
    for (const found of names.length === 0 ? [] : reader.arrowColumns(open.fields, names)) {
      if (found === null) continue;
      const before = known.get(found.name);
      if (before !== undefined && before.type !== found.type) throw new StudioError('node_failed', `Column “${found.name}” is ${found.type} here, and ${before.type} in ${before.path}.`, { place: path, remedy: 'Read the files in two nodes and bring the types together before a union.' });
      known.set(found.name, { type: found.type, path });
    }
    if (wanted.length > 0 && files.length === 1) for (const [index, name] of wanted.entries()) column(open.fields.map((field) => ({ name: field.name, type: '' })), name, `columns[${index}]`, 'the file');
  }
  const all = [...known].map(([name, { type }]) => ({ name, type }));
  return wanted.length === 0 ? all : wanted.map((name, index) => column(all, name, `columns[${index}]`, 'the files'));
}

async function* read(config: Config, context: StreamContext): AsyncGenerator<Batch> {
  const files = filesBehind(context.resolve(config.path)).map((file) => ({ ...file, form: checkArrow(file.path, file.bytes) }));
  const reader = await import('../../connectors/files/arrow-read.ts');
  const own = await columnsOf(files, config.columns, reader);
  if (own.length === 0) throw failed('path', 'The file has no columns.', 'Check how it was written.');
  const columns = config.filename ? [...own, { name: 'filename', type: 'VARCHAR' }] : own;
  yield { columns, rows: [] };
  for (const { path, form } of files) {
    const open = await reader.openArrow(path, form);
    try {
      const at = reader.arrowColumns(open.fields, own.map(({ name }) => name));
      for await (const batch of open.batches()) {
        for (const rows of reader.arrowRows(batch, at, BATCH_ROWS)) {
          context.signal.throwIfAborted();
          yield { columns, rows: config.filename ? rows.map((row) => [...row, path]) : rows };
        }
      }
    } finally {
      await open.close();
    }
  }
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  files: ({ path }, { resolve }) => ({ reads: [resolve(path)] }),
  stream: (config, _input, context) => read(config, context),
});
