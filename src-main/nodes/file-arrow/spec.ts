import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Arrow's files and streams as rows. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.arrow',
  label: { en: 'Read Arrow', zh: '读取 Arrow' },
  summary: { en: 'Reads Arrow files and streams (also called Feather), batch by batch.', zh: '逐批读取 Arrow 文件与流（亦称 Feather）。' },
  icon: 'move-right',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern such as data/*.arrow: a column that one of many files lacks is NULL there.', zh: '文件路径，或 data/*.arrow 这样的通配模式；某个文件缺少的列在其中为 NULL。' }, widget: { kind: 'path', mode: 'open', glob: true, extensions: ['arrow', 'arrows', 'feather', 'ipc'] }, required: true },
    { name: 'columns', label: { en: 'Columns', zh: '列' }, help: { en: 'The columns to read, in this order; all of them when left empty.', zh: '要读取的列及其顺序；留空则读取全部。' }, widget: { kind: 'strings' }, default: [] },
    { name: 'filename', label: { en: 'Column with the file’s name', zh: '文件名列' }, help: { en: 'Adds a column `filename` with the path of the file that a row is from.', zh: '增加 `filename` 列，内容为该行所在文件的路径。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  ],
  keywords: ['arrow', 'feather', 'ipc', 'columnar', '列式'],
  repeatable: true,
};
