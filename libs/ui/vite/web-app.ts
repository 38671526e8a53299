import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type UserConfig } from 'vite';
import { chunkGroups } from './chunk-groups.ts';

/** Where `vite` of a developer finds the running installation's API. */
export interface WebAppOptions {
  /** Port of Vite's own server during development. */
  readonly port: number;
  /** Address whose `/api` is used meanwhile, e.g. `http://localhost:8080`. */
  readonly api: string;
}

/** The one build of both front-ends: everything bundled, nothing inlined that a strict Content-Security-Policy would refuse. */
export function webApp({ port, api }: WebAppOptions): UserConfig {
  return defineConfig({
    publicDir: fileURLToPath(new URL('../public', import.meta.url)),
    plugins: [vue(), tailwindcss()],
    resolve: { conditions: ['development', 'browser', 'module', 'import', 'default'] },
    define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: false },
    server: {
      port,
      strictPort: true, // Changes by cookie are taken from the page's own origin only.
      proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: api } } },
    },
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
    },
  });
}
