import { ChevronRight } from 'lucide-react';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { runsText } from '../runs/text.ts';

/** The way back to the list, before a title. */
export function Crumbs({ title }: { readonly title: string }) {
  const { t } = useText();
  return (
    <span className="flex items-center gap-1.5">
      <a href={href({ place: 'runs' })} className="rounded-sm font-normal text-ink-2 hover:text-ink">
        {t(runsText.title)}
      </a>
      <ChevronRight className="size-3.5 text-ink-3" aria-hidden="true" />
      {title}
    </span>
  );
}
