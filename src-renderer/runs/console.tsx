import { Copy, Terminal, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { LogLine } from '#shared/contract/runs';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { SearchInput } from '../ui/input.tsx';
import { toast } from '../ui/toast.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { runsText } from './text.ts';

const levelClass = { info: 'text-ink', warn: 'text-interrupted', error: 'text-failed' } as const;

interface ConsoleProps {
  readonly lines: readonly LogLine[];
  /** What a node is called; its id otherwise. */
  readonly nameOf?: (node: string) => string;
  /** Said where there are no lines, in place of the usual. */
  readonly none?: string;
}

/** What a run wrote, line by line; stays at the end while it grows. */
export function Console({ lines, nameOf, none }: ConsoleProps) {
  const { t, f } = useText();
  const [query, setQuery] = useState('');
  const [problems, setProblems] = useState(false);
  const shown = useMemo(() => {
    const wanted = query.toLowerCase();
    return lines.filter((line) => (!problems || line.level !== 'info') && (wanted === '' || line.text.toLowerCase().includes(wanted)));
  }, [lines, query, problems]);
  if (lines.length === 0) {
    return (
      <EmptyState icon={<Terminal />} title={none ?? t(runsText.noConsole)}>
        {none === undefined ? t(runsText.noConsoleHelp) : undefined}
      </EmptyState>
    );
  }
  const copy = (): void => {
    void navigator.clipboard.writeText(shown.map((line) => line.text).join('\n')).then(() => toast({ tone: 'success', title: t(common.copied) }));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-3">
        <SearchInput value={query} onValue={setQuery} label={t(common.search)} clearLabel={t(common.clear)} className="w-56" />
        <IconButton label={t(runsText.onlyProblems)} pressed={problems} icon={<TriangleAlert />} onClick={() => setProblems(!problems)} />
        <IconButton label={t(runsText.copyAll)} icon={<Copy />} onClick={copy} className="ml-auto" />
      </div>
      <VirtualList
        count={shown.length}
        rowHeight={20}
        measured
        stickToEnd
        label={t(runsText.console)}
        className="py-1 font-mono text-xs"
        renderRow={(index) => {
          const line = shown[index];
          if (line === undefined) return null;
          return (
            <div className="selectable flex gap-3 px-3 leading-5 hover:bg-hover">
              <time className="shrink-0 text-ink-3">{f.time(line.at, true)}</time>
              {line.node === null ? null : <span className="max-w-40 shrink-0 truncate text-ink-2">{nameOf?.(line.node) ?? line.node}</span>}
              {line.attempt === null || line.attempt === 1 ? null : <span className="shrink-0 text-ink-3">{t(runsText.attempt, line.attempt)}</span>}
              <span className={cx('min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]', levelClass[line.level])}>{line.text}</span>
            </div>
          );
        }}
      />
    </div>
  );
}
