import { describe, expect, it } from 'vitest';
import { type BodyFraming, BodyTransfer } from './body-transfer.ts';

const target = Buffer.alloc(200_000);

/** What leaves when the pieces arrive. */
function transfer(framing: BodyFraming, rechunks: boolean, ...pieces: (string | Buffer)[]) {
  const body = new BodyTransfer(framing, rechunks);
  let sent = '';
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    const end = body.move(bytes, 0, bytes.length, target, 7);
    if (end < 0) return null;
    sent += target.toString('latin1', 7, end);
  }
  return { sent, isComplete: body.isComplete, transferred: body.transferred, position: body.position };
}

describe('a body', () => {
  it('with a length leaves as it came, and ends where it says', () => {
    expect(transfer({ kind: 'length', bytes: 5 }, false, 'he', 'llo, next')).toEqual({
      sent: 'hello',
      isComplete: true,
      transferred: 5,
      position: 3,
    });
  });

  it('in chunks leaves in chunks that are made anew, one per read', () => {
    const sent = transfer(
      { kind: 'chunked' },
      true,
      '3;x=y\r\nabc\r\n2\r\nde\r\n',
      '1\r\nf\r\n0\r\nT: t\r\n\r\n',
    )?.sent;
    expect(sent).toBe('5\r\nabcde\r\n1\r\nf\r\n0\r\n\r\n');
  });

  it('in chunks leaves plain where the receiver does not know chunks', () => {
    expect(transfer({ kind: 'chunked' }, false, '3\r\nabc\r\n0\r\n\r\n')).toMatchObject({
      sent: 'abc',
      isComplete: true,
    });
  });

  it('sends no empty chunk for a read without data, which would end it', () => {
    expect(transfer({ kind: 'chunked' }, true, '1', '0\r', '\n0123456789')?.sent).toBe('a\r\n0123456789\r\n');
  });

  it('that lasts until the connection closes gets its end then', () => {
    const body = new BodyTransfer({ kind: 'until-close' }, true);
    const end = body.move(Buffer.from('abc'), 0, 3, target, 0);
    const last = body.finish(target, end);
    expect(target.toString('latin1', 0, last)).toBe('3\r\nabc\r\n0\r\n\r\n');
    expect(body.isComplete).toBe(true);
  });

  it.each([1, 15, 16, 255, 4095, 4096, 65_535, 65_536])(
    'of %i bytes is framed by its size in hexadecimal digits',
    (size) => {
      const data = Buffer.alloc(size, 'x');
      expect(transfer({ kind: 'until-close' }, true, data)?.sent).toBe(
        `${size.toString(16)}\r\n${data.toString()}\r\n`,
      );
    },
  );

  it('whose framing is broken goes no further', () => {
    expect(transfer({ kind: 'chunked' }, true, '3\r\nabcd\r\n')).toBeNull();
  });
});
