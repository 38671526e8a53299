import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, spawnGuarded, tailOfLog } from '@tollgate/embedded';
import { z } from 'zod';

const message = z.object({ said: z.record(z.string(), z.unknown()) });

/** Where an actor is found and what it is told. */
export interface ActorOptions {
  /** The program; it calls `playPart`. */
  readonly entry: string;
  /** Told apart by it in logs. */
  readonly name: string;
  /** Takes its log. */
  readonly folder: string;
  /** Becomes the argument of its part. */
  readonly part: object;
}

/** A process of our own that plays a part in a chaos scenario and ends with this one. It says one thing when it is ready, and one per question. */
export class ActorProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #logFile: string;
  readonly #waiting: PromiseWithResolvers<Record<string, unknown>>[] = [];

  private constructor(child: ChildProcess, name: string, logFile: string) {
    this.#child = child;
    this.#name = name;
    this.#logFile = logFile;
    child.on('message', (said) => this.#waiting.shift()?.resolve(message.parse(said).said));
    child.once('exit', () => this.#failAll());
  }

  /** Resolves when it is ready, with what it said then. */
  static async start({ entry, name, folder, part }: ActorOptions): Promise<[ActorProcess, Record<string, unknown>]> {
    const logFile = join(folder, `${name}.log`);
    const log = openLog(logFile);
    const child = spawnGuarded({
      command: process.execPath,
      args: [entry, JSON.stringify(part)],
      env: { PATH: process.env['PATH'] },
      log,
      stopSignal: 'SIGKILL',
      ipc: true,
    });
    closeSync(log);
    const actor = new ActorProcess(child, name, logFile);
    return [actor, await actor.#next()];
  }

  /** Rejects when the process ends instead of answering. */
  ask(question: string): Promise<Record<string, unknown>> {
    const answer = this.#next();
    this.#child.send(question);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #next(): Promise<Record<string, unknown>> {
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.push(answer);
    if (this.#hasEnded) this.#failAll();
    return answer.promise;
  }

  #failAll(): void {
    const error = new Error(`${this.#name} has ended: ${tailOfLog(this.#logFile)}`);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }
}
