import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort, openLog, tailOfLog } from '@tollgate/embedded';
import { z } from 'zod';
import { loadCore, pinned } from './cores.ts';

const program = join(import.meta.dirname, 'load.lua');
const count = z.int().nonnegative();

const answers = {
  ready: z.object({ answer: z.literal('ready') }),
  count: z.object({ answer: z.literal('count'), served: count }),
  run: z.object({
    answer: z.literal('run'),
    done: count,
    wrong: count,
    failed: count,
    unfinished: count,
    late: count,
  }),
};

/** Length of every body that the upstream sends. */
export const bodyBytes = 1024;

/** One run of the generator. */
export interface LoadRun {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** File of requests, sent in turn; see `renderRequests`. */
  readonly requests: string;
  /** Requests per second whatever the answers take; 0 is a closed loop. */
  readonly rate: number;
}

/** What came of a run. */
export interface LoadRunResult {
  readonly done: number;
  /** Open loop: not answered when the run was over. Their latency is their age. */
  readonly unfinished: number;
  /** Open loop: sent more than 0.3 ms after they were due although a connection was free: the generator's own fault. */
  readonly late: number;
  /** Microseconds, ascending; in an open loop from the moment when the request was due. */
  readonly latenciesUs: Int32Array;
}

/** The process of `load.lua`: the upstream of every target, and the generator of plain HTTP/1.1. Ends with this process. */
export class LoadProcess {
  readonly upstreamPort: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<string, PromiseWithResolvers<unknown>>();
  #end: Error | undefined;

  private constructor(child: ChildProcess, upstreamPort: number, folder: string) {
    this.#child = child;
    this.upstreamPort = upstreamPort;
    this.#folder = folder;
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => this.#take(line));
    child.once('exit', () => this.#fail(new Error(`the load generator ended: ${tailOfLog(this.#logFile)}`)));
    child.once('error', (error) => this.#fail(error));
  }

  static async start(folder: string): Promise<LoadProcess> {
    const port = await findFreePort();
    const log = openLog(join(folder, 'load.log'));
    const { command, args } = pinned(loadCore, 'luajit', [program, String(port)]);
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', log], detached: true });
    closeSync(log);
    child.stdin?.on('error', () => undefined);
    const load = new LoadProcess(child, port, folder);
    await load.#answer('ready');
    return load;
  }

  /** Requests that the upstream has answered so far. */
  async served(): Promise<number> {
    return answers.count.parse(await this.#ask('count', 'count')).served;
  }

  /** Sends requests and checks every answer. Throws when one was wrong or a connection broke. */
  async run({ port, connections, seconds, requests, rate }: LoadRun): Promise<LoadRunResult> {
    const file = join(this.#folder, 'latencies');
    const options = { port, connections, seconds, rate, requests, latencies: file };
    const words = Object.entries(options).map(([key, value]) => `${key}=${value}`);
    const answer = answers.run.parse(await this.#ask('run', `run ${words.join(' ')}`));
    const { done, wrong, failed, unfinished, late } = answer;
    if (wrong + failed > 0 || done === 0) {
      throw new Error(`${done} answers: ${wrong} wrong, ${failed} requests lost on a broken connection`);
    }
    return { done, unfinished, late, latenciesUs: readLatencies(await readFile(file)) };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await exited;
  }

  get #logFile(): string {
    return join(this.#folder, 'load.log');
  }

  async #ask(name: keyof typeof answers, command: string): Promise<unknown> {
    const answer = this.#answer(name);
    this.#child.stdin?.write(`${command}\n`);
    return answer;
  }

  async #answer(name: keyof typeof answers): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(name, waiting);
    return waiting.promise;
  }

  #take(line: string): void {
    const message = z.looseObject({ answer: z.string() }).parse(JSON.parse(line));
    this.#waiting.get(message.answer)?.resolve(message);
    this.#waiting.delete(message.answer);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#end);
    this.#waiting.clear();
  }
}

/** Sorted latencies of the generator's file of little-endian 32-bit integers. */
export function readLatencies(file: Buffer): Int32Array {
  return Int32Array.from({ length: Math.floor(file.length / 4) }, (_, index) => file.readInt32LE(index * 4)).sort();
}
