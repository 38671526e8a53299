import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scratch } from '../sockets/scratch.ts';
import { nobody, type Socket } from '../sockets/socket.ts';
import { joinSockets } from './tunnel.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A socket whose peer takes nothing. */
function slowSocket() {
  const calls: string[] = [];
  const socket = {
    owner: nobody,
    writeScratch: () => false,
    pause: () => undefined,
    resume: () => undefined,
    end: () => calls.push('end'),
    closeWhenWritten: () => calls.push('closeWhenWritten'),
    destroy: () => calls.push('destroy'),
  };
  return { calls, socket: socket as unknown as Socket };
}

describe('a tunnel', () => {
  it('whose sides have both ended closes when the slower one has taken everything, or has had its time', () => {
    const [a, b] = [slowSocket(), slowSocket()];
    const ended = vi.fn();
    joinSockets(a.socket, b.socket, { scratch: new Scratch(), ended });
    b.socket.owner.onBytes(Buffer.from('the last bytes'), 14);
    b.socket.owner.onEnd();
    a.socket.owner.onEnd();
    expect(a.calls).toEqual(['end', 'closeWhenWritten']);
    expect(b.calls).toEqual(['end', 'closeWhenWritten']);
    expect(ended).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    expect(a.calls.at(-1)).toBe('destroy');
  });

  it('is cut at once when one side is gone', () => {
    const [a, b] = [slowSocket(), slowSocket()];
    const ended = vi.fn();
    joinSockets(a.socket, b.socket, { scratch: new Scratch(), ended });
    a.socket.owner.onClose();
    expect([a.calls, b.calls]).toEqual([['destroy'], ['destroy']]);
    expect(ended).toHaveBeenCalledOnce();
  });
});
