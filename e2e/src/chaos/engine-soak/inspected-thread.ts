import { z } from 'zod';
import type { ThreadMemory } from './thread-memory.ts';

const answer = z.object({
  id: z.int(),
  result: z.looseObject({ result: z.object({ value: z.unknown() }).optional() }).optional(),
  error: z.object({ message: z.string() }).optional(),
});
const memory = z.object({ live: z.int(), heapTaken: z.int() });
const memoryExpression = `(() => {
  const { heapUsed, heapTotal, external } = process.memoryUsage();
  return { live: heapUsed + external, heapTaken: heapTotal };
})()`;

/** A thread of a process under inspection: asks it, one JSON message each, and matches what it answers. */
export class InspectedThread {
  readonly name: string;
  readonly #send: (message: string) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #hasEnded = false;

  constructor(name: string, send: (message: string) => void) {
    this.name = name;
    this.#send = send;
  }

  /** What it holds after everything that is garbage was collected. */
  async memory(): Promise<ThreadMemory> {
    // What the first collection finalises is freed by the second.
    await this.ask('HeapProfiler.collectGarbage', {});
    await this.ask('HeapProfiler.collectGarbage', {});
    return memory.parse(await this.ask('Runtime.evaluate', { expression: memoryExpression, returnByValue: true }));
  }

  /** @throws Error when the thread refuses, or ends first. */
  ask(method: string, params: object): Promise<unknown> {
    if (this.#hasEnded) return Promise.reject(this.#gone());
    this.#lastId += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, waiting);
    this.#send(JSON.stringify({ id: this.#lastId, method, params }));
    return waiting.promise;
  }

  /** Takes what the thread has sent; anything but an answer is passed over. */
  take(message: unknown): void {
    const { success, data } = answer.safeParse(message);
    if (!success) return;
    const waiting = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (data.error === undefined) waiting?.resolve(data.result?.result?.value);
    else waiting?.reject(new Error(data.error.message));
  }

  /** Nothing is answered any more. */
  ended(): void {
    this.#hasEnded = true;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#gone());
    this.#waiting.clear();
  }

  #gone(): Error {
    return new Error(`the inspected thread ${this.name} has ended`);
  }
}
