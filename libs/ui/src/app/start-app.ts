import { VueQueryPlugin } from '@tanstack/vue-query';
import { type Component, createApp, nextTick } from 'vue';
import type { Router } from 'vue-router';
import { createQueryClient } from '../api/query-client.ts';
import { createTexts, type LoadMessages } from '../i18n/index.ts';
import { startTheme } from '../theme/use-theme.ts';

/** Starts a front-end: theme, texts, server state, routes; then puts `root` into the page. */
export async function startApp(options: {
  root: Component;
  router: Router;
  loadMessages: LoadMessages;
}): Promise<void> {
  startTheme();
  const texts = await createTexts(options.loadMessages);
  const { router } = options;
  router.afterEach((to, from, failure) => {
    if (failure === undefined && from.matched.length > 0 && to.path !== from.path) void focusPage();
  });
  createApp(options.root)
    .use(texts)
    .use(VueQueryPlugin, { queryClient: createQueryClient() })
    .use(router)
    .mount('#app');
}

/** After a change of page readers and keyboards begin at its title. */
async function focusPage(): Promise<void> {
  await nextTick();
  const title = document.querySelector<HTMLElement>('main h1');
  title?.focus({ preventScroll: true });
}
