import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { generatedNote, table } from './markdown.ts';

interface Variable {
  name: string;
  needed: string;
  description: string;
}

function variablesOf(schema: z.ZodObject): Variable[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const { default: fallback, description = '' } = typeof property === 'object' ? property : {};
    const needed = required.has(name)
      ? 'needed'
      : fallback === undefined
        ? 'optional'
        : `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``;
    return { name, needed, description };
  });
}

async function schemasOf(file: string): Promise<z.ZodObject[]> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  return Object.values(module).filter((value): value is z.ZodObject => value instanceof z.ZodObject);
}

const section = (title: string, variables: readonly Variable[]): string =>
  [
    `## ${title}`,
    '',
    table(
      ['variable', 'default', 'meaning'],
      variables.map(({ name, needed, description }) => [`\`${name}\``, needed, description]),
    ),
    '',
  ].join('\n');

/** Page of every environment variable, from the schema in each app's `src/config.ts`. */
export async function environmentReference(root: string): Promise<string> {
  const [platform] = await schemasOf(join(root, 'libs/platform/dist/config/platform-config.js'));
  if (platform === undefined) throw new Error('the platform’s environment schema was not found');
  const shared = variablesOf(platform);
  const sharedNames = new Set(shared.map((variable) => variable.name));
  const files = (await Array.fromAsync(glob('apps/*/dist/config.js', { cwd: root }))).sort();
  const sections: string[] = [];
  for (const file of files) {
    const app = file.split('/')[1] ?? '';
    for (const schema of await schemasOf(join(root, file))) {
      const own = variablesOf(schema).filter((variable) => !sharedNames.has(variable.name));
      if (own.length > 0) sections.push(section(app, own));
    }
  }
  return [
    generatedNote,
    '',
    '# Environment variables',
    '',
    section('Every control-plane service', shared),
    ...sections,
  ].join('\n');
}
