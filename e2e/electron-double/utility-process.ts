import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { ForkOptions } from 'electron';

const bootstrap = new URL('./utility-child.ts', import.meta.url).href;

/** A utility process, as a Node process with a parentPort. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  #up = false;

  constructor(file: string, args: readonly string[], options: Pick<ForkOptions, 'stdio' | 'serviceName' | 'env' | 'execArgv'>) {
    super();
    const stdio = options.stdio === 'ignore' ? ('ignore' as const) : ('inherit' as const);
    this.#child = fork(file, args, { serialization: 'advanced', stdio: ['ignore', stdio, stdio, 'ipc'], execArgv: [...(options.execArgv ?? []), '--import', bootstrap] });
    this.#child.on('spawn', () => {
      this.#up = true;
      this.emit('spawn');
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code, signal) => {
      this.#up = false;
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15));
    });
  }

  get pid(): number | undefined {
    return this.#up ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.#up && this.#child.connected) this.#child.send(message as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork: (file: string, args: readonly string[] = [], options: Pick<ForkOptions, 'stdio' | 'serviceName' | 'env' | 'execArgv'> = {}): UtilityProcess =>
    new UtilityProcess(file, args, options),
};
