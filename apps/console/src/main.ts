import './style.css';
import { startApp } from '@tollgate/ui';
import App from './app/App.vue';
import { router } from './app/router.ts';
import { loadMessages } from './locales/load-messages.ts';

await startApp({ root: App, router, loadMessages });
