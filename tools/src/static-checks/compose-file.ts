import { z } from 'zod';
import { readData } from './repository.ts';

const variables = z.record(z.string(), z.string());

const service = z.object({
  image: z.string(),
  build: z
    .object({
      context: z.string(),
      dockerfile: z.string(),
      target: z.string(),
      args: variables.default({}),
    })
    .optional(),
  profiles: z.array(z.string()).default([]),
  environment: variables.default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.unknown().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
});

const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
});

/** One service of the compose file. */
export type ComposeService = z.output<typeof service>;

/** The compose file as it is written, before variables are filled in. */
export const rawComposeFile = (): unknown => readData('docker/compose.yml');

/** The compose file with `settings` filled in as Compose does it. @throws Error naming a variable that is needed and not set. */
export function readComposeFile(settings: Record<string, string>): z.output<typeof composeFile> {
  return composeFile.parse(fillIn(rawComposeFile(), settings));
}

function fillIn(value: unknown, settings: Record<string, string>): unknown {
  if (typeof value === 'string') return interpolate(value, settings);
  if (Array.isArray(value)) return value.map((entry) => fillIn(entry, settings));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillIn(entry, settings)]));
}

const REFERENCE = /\$\{(?<name>\w+)(?::(?<kind>[-?])(?<rest>[^}]*))?\}/g;

function interpolate(text: string, settings: Record<string, string>): string {
  return text.replaceAll(REFERENCE, (_match, name: string, kind: string | undefined, rest: string) => {
    const value = settings[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
}
