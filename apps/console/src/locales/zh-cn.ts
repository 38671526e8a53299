import { joinTexts, type Messages } from '@tollgate/ui';

export const texts = joinTexts(
  import.meta.glob<Messages>(['./zh-CN.json', '../*/locales/zh-CN.json', '../features/*/locales/zh-CN.json'], {
    eager: true,
    import: 'default',
  }),
);
