import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The path that answers with the page itself; see `PublicListener.page`. */
export const webAppPage = '/index.html';

/** What a front-end's service lets through its public door beside its API. */
export const webAppPaths: readonly string[] = ['/', webAppPage, '/assets/', '/theme.js', '/favicon.svg'];

/** Where the bundle of a front-end lies, by the address of its package.json. */
export function webAppFolder(manifest: string): string {
  return join(dirname(fileURLToPath(manifest)), 'dist');
}

/** Where Vite's page holds the nonce of the answer; styles made while the page runs need it. */
const noncePlace = 'property="csp-nonce" nonce=""';

/** A year; the name of an asset changes with its content. */
const assetAgeMs = 365 * 86_400_000;

/**
 * Serves a built front-end from `folder`: its page at `/` and {@link webAppPage}, its assets for ever, compressed ones where the browser
 * takes them. The page loads nothing from elsewhere and runs no script but its own.
 * @throws Error when the folder holds no built page.
 */
export async function addWebApp(fastify: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  await fastify.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    globIgnore: ['**/index.html', '**/*.gz', '**/*.br'],
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isNamedByContent = path.includes('/assets/');
      reply.header('cache-control', isNamedByContent ? `public, max-age=${assetAgeMs / 1000}, immutable` : 'no-cache');
      reply.header('x-content-type-options', 'nosniff');
    },
  });
  for (const path of ['/', webAppPage]) {
    fastify.get(path, async (_request, reply) => {
      const nonce = randomBytes(16).toString('base64');
      return reply.headers(pageHeaders(nonce)).send(page.replace(noncePlace, `property="csp-nonce" nonce="${nonce}"`));
    });
  }
}

function pageHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}
