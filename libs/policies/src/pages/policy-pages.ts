import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languages } from '@tollgate/contracts/languages';
import { policies } from '../registry.ts';
import { policyPagePath, renderPolicyPage } from './policy-page.ts';

/**
 * Every policy's page in every language as it should be now; `libraryFolder` is `libs/policies` of the repository. Paths are below it.
 */
export async function policyPages(libraryFolder: string): Promise<{ path: string; content: string }[]> {
  return Promise.all(
    policies.flatMap((policy) =>
      languages.map(async (language) => {
        const path = policyPagePath(policy.name, language);
        return { path, content: renderPolicyPage(policy, await readFile(join(libraryFolder, path), 'utf8'), language) };
      }),
    ),
  );
}
