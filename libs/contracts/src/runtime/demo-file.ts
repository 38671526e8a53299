import { z } from 'zod';

const logIn = z.object({ email: z.email(), password: z.string().min(1) });

/** `demo.json` of the data folder: the first start's demo tenant, written with mode 0600 by `standalone`. */
export const demoFile = z.object({
  admin: logIn.describe('Administers the demo tenant in the console.'),
  developer: logIn.describe('Signs in to the demo tenant’s portal.'),
  operator: logIn.describe('Runs the platform itself.'),
  siteSlug: z.string().min(1).optional().describe('Below this path of the portal lies the demo tenant’s site.'),
  curl: z.string().min(1).describe('A command line that calls the demo API through the gateway.'),
});

/** See {@link demoFile}. */
export type DemoFile = z.infer<typeof demoFile>;
