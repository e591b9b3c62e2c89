import { CircleAlert, Copy } from 'lucide-react';
import type { ErrorInfo } from '#shared/errors';
import { common } from '../i18n/common.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/index.ts';
import { words } from './words.ts';

/** Why a node failed in the last run here: what happened, what to try, and the technical text to copy. */
export function NodeFailure({ name, error }: { readonly name: string; readonly error: ErrorInfo }) {
  const { t } = useText();
  return (
    <div role="alert" className="selectable flex min-h-0 flex-1 gap-3 overflow-y-auto px-4 py-3.5 text-sm">
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-failed" />
      <div className="flex min-w-0 flex-1 flex-col items-start gap-1.5">
        <p className="font-medium text-failed">{t(words.failedAt, name)}</p>
        <p className="[overflow-wrap:anywhere]">{error.message}</p>
        {error.remedy === undefined ? null : <p className="text-ink-2">{error.remedy}</p>}
        {error.detail === undefined ? null : <pre className="mt-1 max-h-40 w-full overflow-auto rounded-md bg-sunken p-2 font-mono text-xs whitespace-pre-wrap">{error.detail}</pre>}
        <Button size="sm" className="mt-1" icon={<Copy />} onClick={() => void navigator.clipboard.writeText([error.message, error.place, error.remedy, error.detail].filter(Boolean).join('\n'))}>
          {t(common.copyDetail)}
        </Button>
      </div>
    </div>
  );
}
