import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, spawnGuarded, tailOfLog } from '@tollgate/embedded';
import type { z } from 'zod';
import { pinned, targetCore } from '../load/cores.ts';
import { type EngineCommand, engineMessage } from './engine-messages.ts';

const entry = join(import.meta.dirname, 'changing-engine.ts');

/** The engine with many routes that can change while it serves, in a process of its own on the core of the targets. */
export class EngineProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(options: { folder: string; upstreamPort: number; routes: number }): Promise<EngineProcess> {
    const logFile = join(options.folder, 'changing-engine.log');
    const log = openLog(logFile);
    const words = [entry, String(options.routes), String(options.upstreamPort)];
    const child = spawnGuarded({
      ...pinned(targetCore, process.execPath, words),
      env: { PATH: process.env['PATH'] },
      log,
      stopSignal: 'SIGKILL',
      ipc: true,
    });
    closeSync(log);
    const message = await nextMessage(child).catch((error: unknown) => {
      throw new Error(`the engine did not start: ${tailOfLog(logFile)}`, { cause: error });
    });
    if (!('port' in message)) throw new Error('the engine said something else than its port');
    return new EngineProcess(child, message.port);
  }

  /** From now on 100 routes change per second. */
  change(): void {
    this.#tell('change');
  }

  /** No more changes; gives how many there were since {@link change}. */
  async rest(): Promise<number> {
    const answer = nextMessage(this.#child);
    this.#tell('rest');
    const message = await answer;
    if (!('changes' in message)) throw new Error('the engine said something else than its changes');
    return message.changes;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #tell(command: EngineCommand): void {
    this.#child.send(command);
  }
}

/** Rejects when the process ends instead. */
function nextMessage(child: ChildProcess): Promise<z.infer<typeof engineMessage>> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('the process has ended'));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(engineMessage.parse(message));
    });
  });
}
