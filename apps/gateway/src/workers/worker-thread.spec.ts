import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromWorker, ToWorker } from './messages.ts';
import { WorkerThread } from './worker-thread.ts';

/** A thread that does nothing by itself. */
class FakeThread extends EventEmitter {
  readonly sent: ToWorker[] = [];

  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }

  terminate(): Promise<number> {
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  says(message: FromWorker): void {
    this.emit('message', message);
  }

  answers(number: number): void {
    this.says({ kind: 'done', number });
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start() {
  const fake = new FakeThread();
  const ended = vi.fn();
  const thread = new WorkerThread(1, fake as unknown as Worker, {
    report: () => undefined,
    counted: () => undefined,
    failure: () => undefined,
    health: () => undefined,
    tried: () => undefined,
    ended,
  });
  return { fake, thread, ended };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
const remove = { kind: 'remove', groupId: 'g' } as const;

describe('a worker, seen from the primary', () => {
  it('has its time for each question from when the one before was answered', async () => {
    const { fake, thread } = start();
    fake.says({ kind: 'loaded' });
    void thread.ask(remove, 5_000);
    void thread.ask({ kind: 'report' });
    await seconds(9);
    expect(thread.isLive).toBe(true);
    fake.answers(1);
    await seconds(4);
    expect(thread.isLive).toBe(true);
    await seconds(1);
    expect(thread).toMatchObject({ isLive: false, cause: 'it did not answer in time' });
  });

  it('need not answer before its configuration is loaded', async () => {
    const { fake, thread } = start();
    const answer = thread.ask(remove);
    await seconds(100);
    fake.says({ kind: 'loaded' });
    await seconds(4);
    fake.answers(1);
    expect(await answer).toMatchObject({ number: 1 });
    expect(thread.isLive).toBe(true);
  });

  it('is ended when it never loads, and when it says nothing any more', async () => {
    const loading = start();
    await seconds(301);
    expect(loading.thread.isLive).toBe(false);
    const stuck = start();
    stuck.fake.says({ kind: 'loaded' });
    await seconds(9);
    expect(stuck.thread.isLive).toBe(true);
    await seconds(2);
    expect(stuck.thread).toMatchObject({ isLive: false, cause: 'it was stuck' });
  });

  it('that cannot do what it must is gone before anybody is told', async () => {
    const { fake, thread, ended } = start();
    fake.says({ kind: 'loaded' });
    const answer = thread.ask(remove);
    fake.says({ kind: 'done', number: 1, fault: 'no memory' });
    expect(await answer).toBeNull();
    expect(ended).toHaveBeenCalledOnce();
    expect(thread.cause).toBe('no memory');
  });

  it('answers nothing once it is gone', async () => {
    const { fake, thread } = start();
    fake.says({ kind: 'loaded' });
    const asked = thread.ask(remove);
    fake.emit('error', new Error('out of memory'));
    fake.emit('exit', 1);
    expect(await asked).toBeNull();
    expect(await thread.ask(remove)).toBeNull();
    expect(thread.cause).toBe('out of memory');
    expect(fake.sent).toHaveLength(1);
  });

  it('that was told to finish has no cause to be replaced for', async () => {
    const { fake, thread } = start();
    fake.says({ kind: 'loaded' });
    const drained = thread.drain(1_000, 0);
    await seconds(4);
    await drained;
    expect(thread).toMatchObject({ state: 'ended', cause: null });
  });
});
