import type { Language } from '@tollgate/contracts/languages';

/** Words of the generated tables of a policy's page. */
export interface PageWords {
  readonly optionHead: readonly string[];
  readonly errorHead: readonly string[];
  readonly noErrors: string;
  readonly needed: string;
  /** Words for the types of JSON; a type without a word is named as it is. */
  readonly types: Readonly<Record<string, string>>;
  readonly listOf: (entries: string) => string;
  readonly or: string;
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  en: {
    optionHead: ['option', 'type', 'default', 'meaning'],
    errorHead: ['code', 'status', 'meaning'],
    noErrors: 'None of its own.',
    needed: 'needed',
    types: {},
    listOf: (entries) => `list of ${entries}`,
    or: ' or ',
  },
  'zh-CN': {
    optionHead: ['选项', '类型', '默认值', '含义'],
    errorHead: ['错误码', '状态码', '含义'],
    noErrors: '没有专属的错误。',
    needed: '必填',
    types: {
      object: '对象',
      list: '列表',
      string: '字符串',
      integer: '整数',
      number: '数值',
      boolean: '布尔值',
      any: '任意',
    },
    listOf: (entries) => `${entries}列表`,
    or: '或',
  },
};
