import { afterEach, describe, expect, it, vi } from 'vitest';
import { announceReady, readyMessage } from './ready.ts';

describe('announceReady', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('sends the parent a message that the parent accepts', () => {
    const send = vi.fn<(message: unknown) => boolean>();
    vi.stubGlobal('process', { send });
    announceReady({ console: 'http://127.0.0.1:8080' });
    expect(readyMessage.parse(send.mock.calls[0]?.[0])).toEqual({
      type: 'ready',
      urls: { console: 'http://127.0.0.1:8080' },
    });
  });

  it('is silent without a parent', () => {
    vi.stubGlobal('process', {});
    expect(() => announceReady({})).not.toThrow();
  });
});
