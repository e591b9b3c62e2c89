import { FileInput, Plus } from 'lucide-react';
import { useTemplates } from '../app/queries.ts';
import { runCommand } from '../commands/registry.ts';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { toastError } from '../ui/toast.tsx';
import { createWorkflow } from './actions.ts';
import { libraryText } from './text.ts';

/** An empty library: templates to start with, or an empty canvas, or files that exist already. */
export function LibraryWelcome() {
  const { t } = useText();
  const templates = useTemplates();
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto flex max-w-220 flex-col px-8 py-14">
        <h2 className="text-xl font-semibold">{t(libraryText.emptyTitle)}</h2>
        <p className="mt-1.5 max-w-150 text-ink-2">{t(libraryText.emptyHelp)}</p>
        <div className="mt-5 flex gap-2">
          <Button variant="primary" size="lg" icon={<Plus />} onClick={() => runCommand('file.new')}>
            {t(libraryText.empty)}
          </Button>
          <Button size="lg" icon={<FileInput />} onClick={() => runCommand('file.import')}>
            {t(libraryText.import)}
          </Button>
        </div>
        {templates.data === undefined || templates.data.length === 0 ? null : (
          <>
            <h3 className="mt-10 mb-2 text-xs font-medium text-ink-3">{t(libraryText.templates)}</h3>
            <ul className="grid grid-cols-2 gap-2.5">
              {templates.data.map((template) => (
                <li key={template.id}>
                  <button
                    type="button"
                    onClick={() => void createWorkflow(template.name, template.id).catch(toastError)}
                    className="flex h-full w-full flex-col rounded-lg border border-line bg-surface px-3.5 py-2.5 text-left transition-colors hover:border-line-strong hover:bg-hover"
                  >
                    <span className="flex w-full items-baseline justify-between gap-3">
                      <span className="truncate font-medium">{template.name}</span>
                      <span className="shrink-0 text-xs text-ink-3">{t(common.nodes, template.nodes)}</span>
                    </span>
                    <span className="mt-0.5 line-clamp-2 text-sm text-ink-2">{template.description}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
