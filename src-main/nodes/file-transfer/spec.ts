import type { NodeSpec } from '#shared/node-spec';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Copies, moves or mirrors files; each appears under its name when it is whole. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.transfer',
  label: { en: 'Transfer files', zh: '文件传输' },
  summary: { en: 'Copies, moves or mirrors files and folders, here or to and from an SFTP server; no half file ever stands under its final name.', zh: '在本机或与 SFTP 服务器之间复制、移动或同步文件与文件夹；最终文件名下绝不会出现不完整的文件。' },
  icon: 'folder-sync',
  inputs: [{ name: 'in', label: { en: 'Paths', zh: '路径' }, many: true, optional: true }],
  outputs: [],
  params: [
    {
      name: 'direction', label: { en: 'Direction', zh: '方向' }, help: { en: 'Whether files stay on this computer or go to or come from an SFTP server.', zh: '文件在本机之间传输，还是与 SFTP 服务器之间传输。' },
      widget: { kind: 'select', options: [option('local', 'On this computer', '本机之间'), option('upload', 'To the server', '上传到服务器'), option('download', 'From the server', '从服务器下载'), option('remote', 'On the server', '服务器上')] }, default: 'local',
    },
    { name: 'connection', label: { en: 'Connection', zh: '连接' }, help: { en: 'The SFTP server; paths there start at the connection’s folder.', zh: 'SFTP 服务器；服务器上的路径从该连接的文件夹开始。' }, widget: { kind: 'connection', kinds: ['sftp'] }, required: true, visibleWhen: { param: 'direction', equals: ['upload', 'download', 'remote'] } },
    { name: 'source', label: { en: 'From', zh: '来源' }, help: { en: 'A file, a folder or a pattern (in/**/*.csv). Leave it empty when the rows of the input give the paths.', zh: '文件、文件夹或模式（in/**/*.csv）。若由输入行提供路径则留空。' }, widget: { kind: 'path', mode: 'open', glob: true } },
    { name: 'column', label: { en: 'Column of paths', zh: '路径列' }, help: { en: 'The input’s column that holds the paths; `path`, `file` or `value` when left empty.', zh: '输入中存放路径的列；留空时为 `path`、`file` 或 `value`。' }, widget: { kind: 'column' } },
    { name: 'target', label: { en: 'To', zh: '目标' }, help: { en: 'A folder (made if it is not there), or a file’s name when one file is transferred.', zh: '文件夹（不存在则创建）；只传输一个文件时也可以是文件名。' }, widget: { kind: 'path', mode: 'folder' }, required: true },
    {
      name: 'mode', label: { en: 'What to do', zh: '方式' }, help: { en: 'Mirror copies what differs and removes from the target what the source folder does not have.', zh: '同步会复制有差异的文件，并删除目标中来源文件夹没有的文件。' },
      widget: { kind: 'select', options: [option('copy', 'Copy', '复制'), option('move', 'Move', '移动'), option('sync', 'Mirror', '同步')] }, default: 'copy',
    },
    {
      name: 'overwrite', label: { en: 'Overwrite', zh: '覆盖' }, help: { en: 'What to do with a file that is at the target already.', zh: '目标已有同名文件时如何处理。' },
      widget: { kind: 'select', options: [option('ifNewer', 'If the source is newer', '来源较新时'), option('always', 'Always', '总是'), option('never', 'Never', '从不')] },
      default: 'ifNewer', visibleWhen: { param: 'mode', equals: ['copy', 'move'] },
    },
    {
      name: 'verify', label: { en: 'Verify', zh: '校验' }, help: { en: 'How a copy is compared with its source before it gets its name.', zh: '副本在获得最终名称前如何与来源比对。' },
      widget: { kind: 'select', options: [option('size', 'By size', '按大小'), option('sha256', 'By SHA-256', '按 SHA-256')] }, default: 'size',
    },
  ],
  keywords: ['copy', 'move', 'sync', 'mirror', 'backup', 'sftp', 'ssh', 'upload', 'download', '复制', '移动', '同步', '备份', '上传', '下载'],
  repeatable: true,
};
