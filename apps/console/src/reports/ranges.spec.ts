import { expect, it } from 'vitest';
import { spanBefore, spanOf } from './ranges.ts';

const now = Date.parse('2026-11-27T10:20:30.400Z');

it('a span is made of whole steps and holds the one under way', () => {
  expect(spanOf('1h', now)).toEqual({
    from: '2026-11-27T09:21:00.000Z',
    to: '2026-11-27T10:21:00.000Z',
    interval: 'minute',
  });
  expect(spanOf('30d', now)).toMatchObject({ from: '2026-10-29T00:00:00.000Z', to: '2026-11-28T00:00:00.000Z' });
});

it('the span before ends where the span begins, or lies as far back as asked for', () => {
  expect(spanBefore(spanOf('24h', now)).to).toBe(spanOf('24h', now).from);
  expect(spanBefore(spanOf('24h', now), 7 * 86_400_000).to).toBe('2026-11-20T11:00:00.000Z');
});
