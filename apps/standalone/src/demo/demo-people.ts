import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const person = z.object({ name: z.string(), email: z.email(), password: z.string().min(12) });

const demoPeople = z.object({
  admin: person,
  developer: person,
  operator: person,
  bookshopPort: z.number().int().nonnegative(),
});

/** Who there is in the demo, with random passwords, and the port of its back end. */
export type DemoPeople = z.output<typeof demoPeople>;

/** Where a data folder keeps the people. */
export const peopleFile = (dataDir: string): string => join(dataDir, 'keys', 'demo-people.json');

const password = (): string => randomBytes(12).toString('base64url');

function inventPeople(): DemoPeople {
  return {
    admin: { name: 'Ada Admin', email: 'admin@demo.example', password: password() },
    developer: { name: 'Dan Developer', email: 'developer@demo.example', password: password() },
    operator: { name: 'Olga Operator', email: 'operator@tollgate.example', password: password() },
    bookshopPort: 0,
  };
}

/** The people of an earlier, perhaps interrupted, start, or new ones. */
export async function readOrInventPeople(path: string): Promise<DemoPeople> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text !== null) return demoPeople.parse(JSON.parse(text));
  const people = inventPeople();
  await writePeople(path, people);
  return people;
}

/** Keeps the people where only the owner of the data folder can read them. */
export async function writePeople(path: string, people: DemoPeople): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(people, null, 2)}\n`, { mode: 0o600 });
}
