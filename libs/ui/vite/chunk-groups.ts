import type { Rolldown } from 'vite';

const library = String.raw`libs[\\/]ui[\\/]src[\\/](?:actions|api|data|feedback|format|forms|layout|overlays)[\\/](?!UiMarkdown|markdown)`;
const small = String.raw`node_modules[\\/]@(?:lucide[\\/]vue|tanstack[\\/](?:query-core|vue-query))[\\/]`;

/**
 * Which modules go into a file together. Left alone the bundler makes one of every module that two pages share, and a page waits for forty
 * of them. `vendor` and `start` are what every page needs, apart because the first changes with our dependencies only; `parts` is what many
 * pages need after that. What is heavy and asked for by few (charts, editors, Markdown, forms by schema, the reference) is in none of them
 * and stays in files of its own.
 *
 * `main.ts` stays alone: it waits at its top level for texts whose files need `start`, so it must not be in there.
 */
export const chunkGroups: Rolldown.CodeSplittingGroup[] = [
  { name: 'vendor', tags: ['$initial'], test: /[\\/]node_modules[\\/]/u, priority: 3 },
  { name: 'start', tags: ['$initial'], test: /^(?!.*(?:[\\/]src[\\/]main\.ts|\.html)$)/u, priority: 2 },
  { name: 'parts', test: new RegExp(`[\\\\/](?:${library}|${small})`, 'u'), minShareCount: 3, priority: 1 },
];
