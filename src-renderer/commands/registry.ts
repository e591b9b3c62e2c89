import { useEffect, useRef } from 'react';
import type { CommandId } from '#shared/commands';

/** What a command does where it is offered. A place that cannot do it now says `enabled: false`. */
export interface CommandHandler {
  readonly run: () => void;
  readonly enabled?: boolean;
}
export type CommandHandlers = Partial<Readonly<Record<CommandId, CommandHandler>>>;

/** The places on the screen, the innermost last: it answers first. */
const layers: { current: CommandHandlers }[] = [];

/** Offers commands for as long as the component is on the screen. */
export function useCommands(handlers: CommandHandlers): void {
  const layer = useRef<CommandHandlers>(handlers);
  useEffect(() => {
    layer.current = handlers;
  });
  useEffect(() => {
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, []);
}

function handlerOf(id: CommandId): CommandHandler | undefined {
  for (const layer of layers.toReversed()) {
    const handler = layer.current[id];
    if (handler !== undefined) return handler;
  }
  return undefined;
}

/** Could it be run now? */
export const canRun = (id: CommandId): boolean => {
  const handler = handlerOf(id);
  return handler !== undefined && handler.enabled !== false;
};

/** Runs it where it is offered; false when nothing on the screen answers. */
export function runCommand(id: CommandId): boolean {
  const handler = handlerOf(id);
  if (handler === undefined || handler.enabled === false) return false;
  handler.run();
  return true;
}
