import { readFileSync } from 'node:fs';
import { z } from 'zod';

const packageFile = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

/** Version of this program. */
export const { version } = z.object({ version: z.string().min(1) }).parse(JSON.parse(packageFile));
