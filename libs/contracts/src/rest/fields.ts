import { z } from 'zod';

/** RFC 3339 in UTC. */
export const timestamp = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

/** Grows by one with each change; the ETag of the object. */
export const version = z
  .number()
  .int()
  .positive()
  .meta({ description: 'Grows with each change; the same number is the ETag.' });

/** What people call a thing. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'Control characters are not allowed.');

/** Lower-case name that fits into a host name. */
export const slug = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'Lower-case letters, digits and single hyphens; a letter first.');

/** Free text of a few lines. */
export const description = z
  .string()
  .max(2000)
  .regex(/^[^\0]*$/, 'NUL is not allowed.');

/** Address for mail, lower-cased. */
export const email = z.email().max(254).toLowerCase();
