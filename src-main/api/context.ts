import { implement } from '@orpc/server';
import { contract } from '#shared/contract';
import type { Trigger } from '#shared/events';
import type { Studio } from '../studio-types.ts';
import { answerErrors } from './errors.ts';

/** What the system's own dialogs are asked, in the contract's words. Null paths mean that the person cancelled. */
export interface Dialogs {
  pick(request: {
    readonly mode: 'open' | 'save' | 'folder';
    readonly title?: string | undefined;
    readonly extensions?: readonly string[] | undefined;
    readonly defaultPath?: string | undefined;
  }): Promise<string | null>;
  reveal(path: string): Promise<void>;
}

/** What a host brings to every call it serves. */
export interface ApiContext {
  readonly studio: Studio;
  /** Null where the host has no screen of its own. */
  readonly dialogs: Dialogs | null;
  /** Who asks for the runs that are started through this pipe. */
  readonly trigger: Trigger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of every error that is nobody's sentence, with its stack: the caller hears only `internal`. */
  readonly onUnexpected: (thrown: unknown) => void;
}

/** The contract, to be answered noun by noun. */
export const api = implement(contract).$context<ApiContext>().use(answerErrors);
