import type { z } from 'zod';
import type { Upstream } from '../../gateway/index.ts';

/** Schemes that Apache APISIX knows and no gateway of ours serves. */
const unservedSchemes: readonly string[] = ['kafka'] satisfies Upstream['scheme'][];

/** Why no gateway serves upstreams of the scheme; null when one does. */
export function findUnservedScheme(scheme: unknown): string | null {
  if (typeof scheme !== 'string' || !unservedSchemes.includes(scheme)) return null;
  return `No gateway serves upstreams of the scheme ${scheme}.`;
}

/** Refuses an upstream that no gateway serves. */
export function refuseUnservedUpstream({ scheme }: Pick<Upstream, 'scheme'>, context: z.RefinementCtx): void {
  const message = findUnservedScheme(scheme);
  if (message !== null) context.addIssue({ code: 'custom', path: ['scheme'], message });
}

/** Refuses an upstream inside a route or service that no gateway serves. */
export function refuseUnservedInline(
  { upstream }: { upstream?: Upstream | undefined },
  context: z.RefinementCtx,
): void {
  const message = findUnservedScheme(upstream?.scheme);
  if (message !== null) context.addIssue({ code: 'custom', path: ['upstream', 'scheme'], message });
}
