import { joinTexts, type Messages } from '@tollgate/ui';

export const texts = joinTexts(
  import.meta.glob<Messages>(['./en.json', '../*/locales/en.json', '../features/*/locales/en.json'], {
    eager: true,
    import: 'default',
  }),
);
