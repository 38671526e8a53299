import type { z } from 'zod';
import type { ErrorPlace } from './api-error.ts';

const escapePart = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON Pointer of a zod path below `root`. */
export function toPointer(path: readonly PropertyKey[], root = ''): string {
  return path.reduce<string>((pointer, part) => `${pointer}/${escapePart(part)}`, root);
}

/** Places of a zod error, at most 50, as JSON Pointers below `root`. */
export function placesOf(error: z.ZodError, root = ''): ErrorPlace[] {
  return error.issues.slice(0, 50).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: toPointer([...issue.path, key], root),
        message: 'This member is not known.',
      }));
    }
    return [{ pointer: toPointer(issue.path, root), message: issue.message }];
  });
}
