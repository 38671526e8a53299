import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { platformConfig } from '@tollgate/platform';
import { z } from 'zod';
import { root } from './repository.ts';

/** The environment schema of what runs in a container: an app, or the migrate step, which reads what two schemas say. */
export async function environmentSchema(app: string): Promise<z.ZodObject> {
  if (app === 'migrate') return platformConfig.extend((await declaredIn('standalone')).shape);
  return declaredIn(app);
}

async function declaredIn(app: string): Promise<z.ZodObject> {
  const file = pathToFileURL(join(root, 'apps', app, 'src/config.ts')).href;
  const module = (await import(file)) as Record<string, unknown>;
  const schema = Object.values(module).find((value) => value instanceof z.ZodObject);
  if (schema === undefined) throw new Error(`apps/${app}/src/config.ts exports no environment schema`);
  return schema;
}

/** What is wrong with the environment of an app: unknown names, and values that its schema refuses. Empty values count as unset. */
export async function environmentFaults(app: string, environment: Record<string, string>): Promise<string[]> {
  const schema = await environmentSchema(app);
  const unknown = Object.keys(environment).filter((name) => !(name in schema.shape));
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const refused = schema.safeParse(given).error?.issues ?? [];
  return [
    ...unknown.map((name) => `${app}: ${name} is in no schema`),
    ...refused.map(({ path, message }) => `${app}: ${path.join('.')}: ${message}`),
  ];
}
