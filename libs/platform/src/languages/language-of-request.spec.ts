import { describe, expect, it } from 'vitest';
import { languageOf } from './language-of-request.ts';

describe('the language of a request', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['en', 'en'],
    ['de-DE,de;q=0.9', 'en'],
    ['zh-CN', 'zh-CN'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['zh-Hans-CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['ZH-cn', 'zh-CN'],
    ['zh-TW', 'zh-CN'],
    ['en-GB,en;q=0.9,zh-CN;q=0.8', 'en'],
    ['de,zh-CN;q=0.5,en;q=0.4', 'zh-CN'],
    ['zh-CN;q=0', 'en'],
    ['no language at all ;;q=,', 'en'],
  ])('of %j is %s', (header, language) => {
    expect(languageOf({ headers: { 'accept-language': header } })).toBe(language);
  });
});
