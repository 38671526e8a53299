import { describe, expect, it } from 'vitest';
import { WakeSignal } from './wake-signal.ts';

const never = new AbortController().signal;
const anHour = 3_600_000;

describe('a wake signal', () => {
  it('ends a wait at once when it rings', async () => {
    const signal = new WakeSignal();
    const waiting = signal.wait(anHour, never);
    signal.ring();
    await waiting;
  });

  it('remembers a ring that came before the wait, once', async () => {
    const signal = new WakeSignal();
    signal.ring();
    signal.ring();
    await signal.wait(anHour, never);
    const second = signal.wait(anHour, never).then(() => 'woken');
    expect(await Promise.race([second, Promise.resolve('still waiting')])).toBe('still waiting');
    signal.ring();
    expect(await second).toBe('woken');
  });

  it('ends by itself after its time', async () => {
    await new WakeSignal().wait(1, never);
  });

  it('ends when it is aborted, also if that happened before', async () => {
    const abort = new AbortController();
    const waiting = new WakeSignal().wait(anHour, abort.signal);
    abort.abort();
    await waiting;
    await new WakeSignal().wait(anHour, abort.signal);
  });
});
