import { describe, expect, it } from 'vitest';
import { spokenLanguage } from './spoken-language.ts';

describe('words that a page did not write', () => {
  it('are English in a Chinese page where nothing in them is Chinese', () => {
    expect(spokenLanguage('Implicit keys need to be on a single line at line 3', 'zh-CN')).toBe('en');
    expect(spokenLanguage('必须是 OpenAPI 3.0 或 3.1 版本。', 'zh-CN')).toBeUndefined();
    expect(spokenLanguage('12.5 %', 'zh-CN')).toBeUndefined();
  });

  it('need no mark in an English page', () => {
    expect(spokenLanguage('Implicit keys need to be on a single line', 'en')).toBeUndefined();
  });
});
