import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { poll } from '../../support/poll.ts';
import { InspectedThread } from './inspected-thread.ts';
import type { MemoryByThread, ThreadMemory } from './thread-memory.ts';

const listening = /Debugger listening on (ws:\/\/\S+)/g;
const attached = z.object({
  method: z.literal('NodeWorker.attachedToWorker'),
  params: z.object({ sessionId: z.string(), workerInfo: z.object({ title: z.string() }) }),
});
const detached = z.object({
  method: z.literal('NodeWorker.detachedFromWorker'),
  params: z.object({ sessionId: z.string() }),
});
const received = z.object({
  method: z.literal('NodeWorker.receivedMessageFromWorker'),
  params: z.object({ sessionId: z.string(), message: z.string() }),
});
const event = z.discriminatedUnion('method', [attached, detached, received]);

/**
 * Looks into a process of Node, and into each of its worker threads, that was started without any of this: SIGUSR1 opens its inspector. It
 * must have been started with `NODE_OPTIONS=--inspect-port=0`, so that the port is a free one, and log to a file.
 */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #main: InspectedThread;
  /** Threads beside the first by their session. */
  readonly #workers = new Map<string, InspectedThread>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#main = new InspectedThread('main', (message) => socket.send(message));
    socket.addEventListener('message', ({ data }) => this.#take(String(data)));
    socket.addEventListener('close', () => {
      for (const thread of [this.#main, ...this.#workers.values()]) thread.ended();
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
    const inspector = new Inspector(socket);
    // Tells of the threads that are there before it is answered, and of later ones.
    await inspector.#main.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return inspector;
  }

  /** What each thread holds after a garbage collection of its own. */
  async memory(): Promise<MemoryByThread> {
    const threads = [this.#main, ...this.#workers.values()];
    const memories = new Map<string, ThreadMemory>();
    for (const thread of threads) memories.set(thread.name, await thread.memory());
    return memories;
  }

  close(): void {
    this.#socket.close();
  }

  #take(text: string): void {
    const message: unknown = JSON.parse(text);
    const { success, data } = event.safeParse(message);
    if (!success) {
      this.#main.take(message);
      return;
    }
    const { sessionId } = data.params;
    switch (data.method) {
      case 'NodeWorker.attachedToWorker':
        this.#workers.set(sessionId, this.#threadOf(sessionId, data.params.workerInfo.title));
        return;
      case 'NodeWorker.detachedFromWorker':
        this.#workers.get(sessionId)?.ended();
        this.#workers.delete(sessionId);
        return;
      case 'NodeWorker.receivedMessageFromWorker':
        this.#workers.get(sessionId)?.take(JSON.parse(data.params.message));
    }
  }

  /** @param title such as `[worker 2] worker-1`. */
  #threadOf(sessionId: string, title: string): InspectedThread {
    return new InspectedThread(title.replace(/^\[.*?\] /, ''), (message) => {
      void this.#main.ask('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => undefined);
    });
  }
}
