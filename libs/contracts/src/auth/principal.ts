import { z } from 'zod';
import { permissions, type Permission } from './permissions.ts';

const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

/** Who makes a request, as every service sees it after the edge exchanged the caller's credential. */
export const principal = z.object({
  /** `user` and `service-account` belong to a tenant; `operator` to the SaaS; `developer` to a portal site; `service` is one of ours. */
  kind: z.enum(['user', 'service-account', 'operator', 'developer', 'service']),
  /** `usr_…`, `sva_…`, `dev_…` or the name of a service. */
  id: z.string().min(1),
  name: z.string().optional(),
  /** The tenant that the request acts in; absent for operators and for platform work of services. */
  tenantId: z.string().optional(),
  permissions: z.array(permission),
  /** Session or token the request came with; what a revocation names. */
  credentialId: z.string().optional(),
  /** Portal site of a developer. */
  siteId: z.string().optional(),
});

export type Principal = z.infer<typeof principal>;
