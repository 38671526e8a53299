import { describe, expect, it } from 'vitest';
import { translate, translatorOf } from './index.ts';

describe('the translator', () => {
  const say = translatorOf({
    'There is no such route.': '没有此路由。',
    'The route {id} uses it.': '路由 {id} 正在使用它。',
    'The route {id} uses it. {reason}': '路由 {id} 正在使用它。{reason}',
    'From {a} to {b}.': '到 {b},从 {a}。',
  });

  it('says known sentences in the other language and leaves unknown ones as they are', () => {
    expect(say('There is no such route.')).toBe('没有此路由。');
    expect(say('Somebody’s own text.')).toBe('Somebody’s own text.');
  });

  it('keeps the values of a sentence, in the order of the other language', () => {
    expect(say('The route a.b(c) uses it.')).toBe('路由 a.b(c) 正在使用它。');
    expect(say('From 1 to 2.')).toBe('到 2,从 1。');
  });

  it('puts no value into the place of another, whatever it holds', () => {
    expect(say('From {b} to $1.')).toBe('到 $1,从 {b}。');
  });

  it('is not kept busy by a long text', () => {
    const long = `From ${' to '.repeat(100_000)}`;
    const start = performance.now();
    expect(say(long)).toBe(long);
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('leaves English to those who read English', () => {
    expect(translate('This is taken.', 'en')).toBe('This is taken.');
    expect(translate('This is taken.', 'zh-CN')).toBe('已被占用。');
  });
});
