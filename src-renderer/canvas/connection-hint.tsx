import { useConnection } from '@xyflow/react';
import { Ban } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Text } from '#shared/node-spec';
import { useText } from '../i18n/use-text.ts';
import type { Connection } from '../stores/edit/change.ts';

/** While a connection is dragged over a port that refuses it: why, beside the pointer. */
export function ConnectionHint({ reason }: { readonly reason: (connection: Connection) => Text | null }) {
  const { pick } = useText();
  const box = useRef<HTMLDivElement>(null);
  const over = useConnection((state) => (state.inProgress && state.toHandle !== null ? `${state.fromHandle.type}\n${state.fromHandle.nodeId}\n${state.fromHandle.id ?? ''}\n${state.toHandle.type}\n${state.toHandle.nodeId}\n${state.toHandle.id ?? ''}` : null));
  const [fromType, fromNode = '', fromPort = '', toType, toNode = '', toPort = ''] = over?.split('\n') ?? [];
  const forward = fromType === 'source';
  const sides: Text | null = over !== null && fromType === toType && fromNode !== toNode ? (forward ? { en: 'An output can’t end at an output.', zh: '输出端口不能连接到输出端口。' } : { en: 'An input can’t begin at an input.', zh: '输入端口不能连接到输入端口。' }) : null;
  const why =
    over === null ? null : (sides ?? reason(forward ? { source: fromNode, sourcePort: fromPort, target: toNode, targetPort: toPort } : { source: toNode, sourcePort: toPort, target: fromNode, targetPort: fromPort }));
  useEffect(() => {
    const follow = (event: PointerEvent | MouseEvent): void => {
      if (box.current !== null) box.current.style.transform = `translate(${event.clientX + 16}px, ${event.clientY + 14}px)`;
    };
    window.addEventListener('pointermove', follow, true);
    window.addEventListener('mousemove', follow, true);
    return () => {
      window.removeEventListener('pointermove', follow, true);
      window.removeEventListener('mousemove', follow, true);
    };
  }, []);
  return createPortal(
    <div ref={box} role="status" className="pointer-events-none fixed top-0 left-0 z-50" hidden={why === null}>
      {why === null ? null : (
        <span className="flex max-w-80 items-center gap-1.5 rounded-md bg-raised px-2 py-1 text-xs text-failed shadow-high">
          <Ban className="size-3.5 shrink-0" />
          {pick(why)}
        </span>
      )}
    </div>,
    window.document.body,
  );
}
