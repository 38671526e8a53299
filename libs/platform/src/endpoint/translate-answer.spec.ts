import { describe, expect, it } from 'vitest';
import { translateAt } from './translate-answer.ts';

const answer = {
  name: 'This is taken.',
  warnings: [{ pointer: '/a', message: 'This is taken.' }],
  value: { message: 'This is taken.' },
  trace: { refusal: null },
};

describe('sentences of an answer', () => {
  it('are translated where the endpoint says so, and nowhere else', () => {
    expect(translateAt(answer, ['/warnings/*/message', '/trace/refusal/detail', '/gone/*/x'], 'zh-CN')).toEqual({
      ...answer,
      warnings: [{ pointer: '/a', message: '已被占用。' }],
    });
  });

  it('stay as they are for those who read English', () => {
    expect(translateAt(answer, ['/warnings/*/message'], 'en')).toBe(answer);
  });
});
