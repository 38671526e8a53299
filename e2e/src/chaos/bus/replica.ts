import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnGuarded } from '@tollgate/embedded';
import type { WorkerCommand, WorkerSettings } from './worker-settings.ts';

const entry = new URL('./worker.ts', import.meta.url).pathname;
const respawnMs = 300;
const closeWithinMs = 30_000;

/** A worker process that is started again whenever it ends, as an orchestrator does. */
export class Replica {
  readonly #settings: WorkerSettings;
  readonly #log: number;
  #child: ChildProcess | undefined;
  #isClosing = false;
  #mayProduce = true;

  /** @param log descriptor of the file that takes the process's output. */
  constructor(settings: WorkerSettings, log: number) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Starts the process and keeps it running. */
  start(): void {
    const child = spawnGuarded({
      command: process.execPath,
      args: [entry],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', CHAOS_WORKER: JSON.stringify(this.#settings) },
      log: this.#log,
      stopSignal: 'SIGKILL',
      ipc: true,
    });
    this.#child = child;
    child.on('message', () => this.#mayProduce || this.#tell('stop-producing'));
    child.once('exit', () => {
      if (!this.#isClosing) void delay(respawnMs).then(() => this.#isClosing || this.start());
    });
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** From now on the process only consumes and publishes what waits; also after it was started again. */
  stopProducing(): void {
    this.#mayProduce = false;
    this.#tell('stop-producing');
  }

  /** Shuts the process down as an orchestrator does; by force after a while. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    this.#tell('close');
    const timer = setTimeout(() => child.kill('SIGKILL'), closeWithinMs);
    await exited;
    clearTimeout(timer);
  }

  #tell(command: WorkerCommand): void {
    if (this.#child?.connected) this.#child.send(command, () => undefined);
  }
}
