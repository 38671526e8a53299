import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { policies } from '../registry.ts';
import { policyPagePath, renderPolicyPage } from './policy-page.ts';

/** Every policy's page as it should be now; `libraryFolder` is `libs/policies` of the repository. Paths are below it. */
export async function policyPages(libraryFolder: string): Promise<{ path: string; content: string }[]> {
  return Promise.all(
    policies.map(async (policy) => {
      const path = policyPagePath(policy.name);
      return { path, content: renderPolicyPage(policy, await readFile(join(libraryFolder, path), 'utf8')) };
    }),
  );
}
