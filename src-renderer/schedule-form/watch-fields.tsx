import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { client } from '../client/client.ts';
import { useSession } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { DropdownMenu, Field, IconButton, Input, toastError } from '../ui/index.ts';
import { FileBrowser } from '../widgets/path.tsx';
import { words as widgetWords } from '../widgets/words.ts';
import { Place, SpanField, TextField, idOf, useBelow } from './fields.tsx';
import { textAt, useScheduleForm } from './form.ts';
import { words } from './words.ts';

const EVENTS = ['added', 'changed', 'removed'] as const;
const STANDARD = ['added', 'changed'];

/** What a watch looks at, and what it takes for a change. */
export function WatchFields() {
  const { t } = useText();
  const { item, put } = useScheduleForm();
  const below = useBelow('events');
  const raw = item['events'];
  const chosen: readonly unknown[] = Array.isArray(raw) ? raw : STANDARD;
  const toggle = (event: (typeof EVENTS)[number]): void => {
    const next = EVENTS.filter((one) => (one === event ? !chosen.includes(one) : chosen.includes(one)));
    if (next.length > 0) put({ events: next }, 'events');
  };
  return (
    <>
      <WatchedPath />
      <Place name="events">
        <Field label={t(words.events)} help={below.help} error={below.error}>
          <div role="group" aria-label={t(words.events)} className="flex gap-4">
            {EVENTS.map((event) => (
              <label key={event} className="flex items-center gap-1.5 text-sm">
                <input type="checkbox" className="accent-(--accent)" checked={chosen.includes(event)} onChange={() => toggle(event)} />
                {t(words[event])}
              </label>
            ))}
          </div>
        </Field>
      </Place>
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField name="glob" label={t(words.glob)} help={t(words.globHelp)} placeholder="*" mono />
        <SpanField name="settleMs" label={t(words.settle)} help={t(words.settleHelp)} standard={2000} least={100} most={3_600_000} unit={1} />
      </div>
    </>
  );
}

function WatchedPath() {
  const { t } = useText();
  const { nativeDialogs } = useSession();
  const { item, put } = useScheduleForm();
  const below = useBelow('path', t(words.pathHelp));
  const [browsing, setBrowsing] = useState<'open' | 'folder' | null>(null);
  const text = textAt(item, 'path');
  const take = (path: string): void => put({ path }, 'path');
  const titleOf = (mode: 'open' | 'folder'): string => t(mode === 'open' ? widgetWords.chooseFile : widgetWords.chooseFolder);
  const choose = (mode: 'open' | 'folder'): void => {
    if (!nativeDialogs) return setBrowsing(mode);
    client.files.pick({ mode, title: titleOf(mode), ...(text === '' ? {} : { defaultPath: text }) }).then(({ path }) => (path === null ? undefined : take(path)), toastError);
  };
  return (
    <Place name="path">
      <Field label={t(words.path)} htmlFor={idOf('path')} help={below.help} error={below.error}>
        <div className="flex gap-1.5">
          <Input id={idOf('path')} aria-invalid={below.invalid} placeholder="inbox" value={text} onChange={(event) => take(event.target.value)} />
          <DropdownMenu
            entries={[
              { id: 'folder', label: t(words.aFolder), onSelect: () => choose('folder') },
              { id: 'file', label: t(words.aFile), onSelect: () => choose('open') },
            ]}
          >
            <IconButton variant="secondary" label={t(words.choose)} icon={<FolderOpen />} />
          </DropdownMenu>
          {browsing === null ? null : <FileBrowser title={titleOf(browsing)} mode={browsing} extensions={[]} start={text} onClose={() => setBrowsing(null)} onChoose={(path) => (take(path), setBrowsing(null))} />}
        </div>
      </Field>
    </Place>
  );
}
