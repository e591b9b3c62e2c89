import { CircleQuestionMark } from 'lucide-react';
import { createElement } from 'react';
import { nodeIcons } from './node-icons.ts';

/** The icon a spec names. A name that nobody drew shows a question mark; a test says so before a person sees it. */
export function NodeIcon({ name, className }: { readonly name: string; readonly className?: string }) {
  return createElement(nodeIcons.get(name) ?? CircleQuestionMark, { className, 'aria-hidden': true, strokeWidth: 1.9 });
}
