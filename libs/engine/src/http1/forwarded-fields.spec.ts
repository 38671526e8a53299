import { describe, expect, it } from 'vitest';
import type { CallState } from '../execute/call-state.ts';
import { AddressSet } from '../matching/address-set.ts';
import { ForwardedFields } from './forwarded-fields.ts';
import { HeaderBlock } from './header-block.ts';
import { TextCache } from './text-cache.ts';

const limit = 4096;

/** A connection's header block and what it writes of it. */
function connection() {
  const block = new HeaderBlock(new TextCache());
  const fields = new ForwardedFields({
    peerAddress: '192.0.2.1',
    scheme: 'http',
    localPort: 9080,
    isTrustedBy: () => false,
  });
  const program = { trustedPeers: new AddressSet([]) };
  const call = { block, changedRequest: null, program } as unknown as CallState;
  const target = Buffer.alloc(limit);
  return {
    /** A request with these fields comes. */
    receive: (...lines: string[]) => {
      const section = Buffer.from(['Host: api.test', ...lines, '', ''].join('\r\n'));
      if (!block.isAt(section, 0, section.length)) block.read(section, 0, section.length);
    },
    write: (room = limit): string | null => {
      const end = fields.write(target, 0, call, room);
      return end < 0 ? null : target.toString('latin1', 0, end);
    },
  };
}

const own =
  'X-Real-IP: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: 9080\r\n' +
  'X-Tollgate-Hops: 1\r\nX-Forwarded-Host: api.test\r\n';

describe('the fields that go to an upstream', () => {
  it('are those of the request, whether they come for the first time or again', () => {
    const { receive, write } = connection();
    for (const value of ['1', '1', '1', '2', '2', '1']) {
      receive(`X-A: ${value}`, 'Connection: keep-alive', 'X-B: b');
      expect(write()).toBe(`X-A: ${value}\r\nX-B: b\r\n${own}`);
    }
  });

  it('are never those of an earlier request, although this one was not sent when it came first', () => {
    const { receive, write } = connection();
    receive('X-A: 1');
    receive('X-A: 1');
    expect(write()).toContain('X-A: 1');
    receive('X-A: 2');
    receive('X-A: 2');
    expect(write()).toContain('X-A: 2');
  });

  it('are without what Connection names and what the client claims', () => {
    const { receive, write } = connection();
    receive('Connection: close, X-Hop', 'X-Hop: 1', 'X-Forwarded-For: 6.6.6.6', 'Forwarded: for=6.6.6.6', 'X-End: 1');
    expect(write()).toBe(`X-End: 1\r\n${own}`);
  });

  it('are refused when there is no room for them', () => {
    const { receive, write } = connection();
    receive(`X-Long: ${'x'.repeat(100)}`);
    expect(write(150)).toBeNull();
  });
});
