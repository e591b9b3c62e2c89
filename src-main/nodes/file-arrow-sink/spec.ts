import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** One Arrow file or stream, complete under its name or not there at all. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.arrow',
  label: { en: 'Write Arrow', zh: '写入 Arrow' },
  summary: { en: 'Writes the rows to an Arrow file or stream; it appears when it is complete.', zh: '将行写入 Arrow 文件或流；写完后文件才会出现。' },
  icon: 'move-up-right',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'Where to write; relative paths start at the workflow’s folder. {date} and {time} are those of the run’s start, {runId} is its id.', zh: '写入位置；相对路径从工作流所在文件夹开始。{date}、{time} 为运行开始的日期与时间，{runId} 为运行编号。' }, widget: { kind: 'path', mode: 'save', extensions: ['arrow', 'arrows', 'feather'] }, required: true },
    { name: 'form', label: { en: 'Form', zh: '形式' }, help: { en: 'A file can be read from any place in it, a stream only from its beginning.', zh: '文件形式可从任意位置读取，流只能从头读取。' }, widget: { kind: 'select', options: [option('file', 'File', '文件'), option('stream', 'Stream', '流')] }, default: 'file' },
    { name: 'compression', label: { en: 'Compression', zh: '压缩' }, help: { en: 'Compressed files are smaller; uncompressed ones can be used where they lie.', zh: '压缩后文件更小；未压缩的文件可直接映射使用。' }, widget: { kind: 'select', options: [option('none', 'None', '无'), option('zstd', 'zstd', 'zstd')] }, default: 'none' },
  ],
  keywords: ['arrow', 'feather', 'ipc', 'columnar', 'save', 'export', '列式', '导出', '保存'],
  repeatable: true,
};
