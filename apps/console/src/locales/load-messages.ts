import type { LoadMessages } from '@tollgate/ui';

/** Texts of the shell and of every feature, `features/<name>/locales/<language>.json`. */
export const loadMessages: LoadMessages = async (language) =>
  (await (language === 'en' ? import('./en.ts') : import('./zh-cn.ts'))).texts;
