import type { LoadMessages } from '@tollgate/ui';

/** Texts of the shell, of what features share, `<name>/locales/<language>.json`, and of every feature, `features/<name>/locales/<language>.json`. */
export const loadMessages: LoadMessages = async (language) => {
  // Two statements: of two imports in one expression the bundler has both fetched.
  if (language === 'en') return (await import('./en.ts')).texts;
  return (await import('./zh-cn.ts')).texts;
};
