import { ArrowUp, File, Folder, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { errorSentence, toErrorInfo } from '#shared/errors';
import { client } from '../client/client.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button, Dialog, IconButton, Input, Spinner, toastError } from '../ui/index.ts';
import { placeholderOf, textOf, useForm } from './widget.ts';
import type { WidgetProps } from './widget.ts';
import { words } from './words.ts';

/** A file or a folder: typed, or chosen in the system's dialog, or in the window's own where the host has none. */
export function PathWidget({ widget, param, id, value, onChange, invalid }: WidgetProps<'path'>) {
  const { t, pick } = useText();
  const { nativeDialogs } = useForm();
  const [browsing, setBrowsing] = useState(false);
  const text = textOf(value);
  const title = t(widget.mode === 'folder' ? words.chooseFolder : widget.mode === 'save' ? words.chooseTarget : words.chooseFile);
  const choose = (): void => {
    if (!nativeDialogs) return setBrowsing(true);
    client.files
      .pick({ mode: widget.mode, title: pick(param.label), ...(widget.extensions === undefined ? {} : { extensions: [...widget.extensions] }), ...(text === '' ? {} : { defaultPath: text }) })
      .then(({ path }) => (path === null ? undefined : onChange(path)), toastError);
  };
  return (
    <div className="flex items-center gap-1.5">
      <Input id={id} aria-invalid={invalid} placeholder={placeholderOf(param)} value={text} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />
      <IconButton variant="secondary" label={t(words.browse)} icon={<FolderOpen />} onClick={choose} />
      {browsing ? <FileBrowser title={title} mode={widget.mode} extensions={widget.extensions ?? []} start={text} onClose={() => setBrowsing(false)} onChoose={(path) => (onChange(path), setBrowsing(false))} /> : null}
    </div>
  );
}

interface FileBrowserProps {
  readonly title: string;
  readonly mode: 'open' | 'save' | 'folder';
  readonly extensions: readonly string[];
  readonly start: string;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

const folderOf = (path: string): string | undefined => (/^(\/|[A-Za-z]:[\\/])/.test(path) ? path.replace(/[\\/][^\\/]*$/, '') || '/' : undefined);
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** The studio's folders, in the window. */
export function FileBrowser({ title, mode, extensions, start, onChoose, onClose }: FileBrowserProps) {
  const { t, f } = useText();
  const [folder, setFolder] = useState<string | undefined>(folderOf(start));
  const [name, setName] = useState(mode === 'save' ? nameOf(start) : '');
  const listed = useQuery({ queryKey: ['files', folder ?? ''], queryFn: () => client.files.list(folder === undefined ? {} : { path: folder }), staleTime: 0 });
  const here = listed.data;
  const separator = here?.path.includes('\\') === true ? '\\' : '/';
  const fits = (file: string): boolean => extensions.length === 0 || mode === 'save' || extensions.some((one) => file.toLowerCase().endsWith(`.${one.toLowerCase().replace(/^\./, '')}`));
  const done = mode === 'folder' ? here?.path : name === '' || here === undefined ? undefined : `${here.path.replace(/[\\/]$/, '')}${separator}${name}`;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      footer={
        <>
          {mode === 'save' ? <Input aria-label={t(words.fileName)} placeholder={t(words.fileName)} value={name} onChange={(event) => setName(event.target.value)} className="mr-auto max-w-80" /> : null}
          <Button onClick={onClose}>{t(common.cancel)}</Button>
          <Button variant="primary" disabled={done === undefined} onClick={() => (done === undefined ? undefined : onChoose(done))}>
            {t(words.take)}
          </Button>
        </>
      }
    >
      <div className="mb-2 flex items-center gap-2">
        <IconButton label={t(words.up)} icon={<ArrowUp />} disabled={here?.parent == null} onClick={() => setFolder(here?.parent ?? undefined)} />
        <span className="selectable min-w-0 truncate font-mono text-xs text-ink-2">{here?.path}</span>
      </div>
      <div className="h-72 overflow-y-auto rounded-md border border-line">
        {listed.isPending ? <Spinner className="m-4 size-4" /> : null}
        {listed.error === null ? null : <p className="p-4 text-sm text-failed">{errorSentence(toErrorInfo(listed.error))}</p>}
        {here?.entries.length === 0 ? <p className="p-4 text-sm text-ink-2">{t(words.emptyFolder)}</p> : null}
        {here?.entries
          .filter((entry) => entry.kind === 'folder' || (mode !== 'folder' && fits(entry.name)))
          .map((entry) => (
            <button
              key={entry.path}
              type="button"
              aria-pressed={entry.name === name}
              className="flex h-7.5 w-full items-center gap-2 px-2.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 aria-pressed:bg-accent-soft"
              onClick={() => (entry.kind === 'folder' ? (setFolder(entry.path), setName(mode === 'save' ? name : '')) : setName(entry.name))}
              onDoubleClick={() => (entry.kind === 'file' ? onChoose(entry.path) : undefined)}
            >
              {entry.kind === 'folder' ? <Folder className="size-3.5 shrink-0 text-accent-text" /> : <File className="size-3.5 shrink-0 text-ink-3" />}
              <span className="min-w-0 flex-1 truncate">{entry.name}</span>
              {entry.kind === 'file' ? <span className="shrink-0 text-xs text-ink-3">{f.bytes(entry.bytes)}</span> : null}
            </button>
          ))}
      </div>
    </Dialog>
  );
}
