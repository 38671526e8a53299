import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { poll } from '../../support/poll.ts';

const listening = /Debugger listening on (ws:\/\/\S+)/g;
const answer = z.object({
  id: z.int(),
  result: z.looseObject({ result: z.object({ value: z.unknown() }).optional() }).optional(),
});
const memory = z.object({ heapUsed: z.int(), external: z.int() });

/**
 * Looks into a process of Node that was started without any of this: SIGUSR1 opens its inspector. It must have been started with
 * `NODE_OPTIONS=--inspect-port=0`, so that the port is a free one, and log to a file.
 */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = answer.parse({ id: 0, ...(JSON.parse(String(data)) as object) });
      this.#waiting.get(id)?.resolve(result?.result?.value);
      this.#waiting.delete(id);
    });
    socket.addEventListener('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('the inspected process has ended'));
    });
  }

  static async attach(pid: number, logFile: string): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    const url = await poll(
      'the inspector listens',
      async () => [...(await readFile(logFile, 'utf8')).matchAll(listening)].at(-1)?.[1],
      { withinMs: 10_000, everyMs: 20 },
    );
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    });
    return new Inspector(socket);
  }

  /** Bytes in use after everything that is garbage was collected: the heap, and buffers beside it. */
  async liveBytes(): Promise<number> {
    // What the first collection finalises is freed by the second.
    await this.#ask('HeapProfiler.collectGarbage', {});
    await this.#ask('HeapProfiler.collectGarbage', {});
    const expression = '(({ heapUsed, external }) => ({ heapUsed, external }))(process.memoryUsage())';
    const { heapUsed, external } = memory.parse(
      await this.#ask('Runtime.evaluate', { expression, returnByValue: true }),
    );
    return heapUsed + external;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, waiting);
    this.#socket.send(JSON.stringify({ id: this.#lastId, method, params }));
    return waiting.promise;
  }
}
