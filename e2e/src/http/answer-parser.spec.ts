import { describe, expect, it } from 'vitest';
import { parseAnswer } from './answer-parser.ts';

const parse = (text: string, method = 'GET', isEnded = false) =>
  parseAnswer(Buffer.from(text, 'latin1'), { method, isEnded });
const bodyOf = (text: string, method?: string, isEnded?: boolean): string => {
  const parsed = parse(text, method, isEnded);
  return parsed.kind === 'answer' ? `${parsed.answer.framing}:${parsed.answer.body.toString()}` : parsed.kind;
};

describe('the answer parser', () => {
  it('finds the end of each framing', () => {
    expect(bodyOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP')).toBe('length:ok');
    expect(bodyOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n')).toBe('chunked:ok');
    expect(bodyOf('HTTP/1.1 200 OK\r\nX: y\r\n\r\nok', 'GET', true)).toBe('close:ok');
    expect(bodyOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'HEAD')).toBe('none:');
    expect(bodyOf('HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n')).toBe('none:');
    expect(bodyOf('HTTP/1.1 204 No Content\r\n\r\n')).toBe('none:');
  });

  it('never takes a cut answer for a whole one', () => {
    expect(bodyOf('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', 'GET', true)).toBe('incomplete');
    expect(bodyOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n', 'GET', true)).toBe(
      'incomplete',
    );
    expect(bodyOf('HTTP/1.1 200 OK\r\nX: y\r\n\r\nok')).toBe('incomplete');
  });

  it('refuses what has two readings', () => {
    expect(bodyOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n')).toBe('malformed');
    expect(bodyOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok')).toBe('malformed');
    expect(bodyOf('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n')).toBe('malformed');
    expect(bodyOf('HTTP/1.1 20 OK\r\n\r\n')).toBe('malformed');
  });
});
