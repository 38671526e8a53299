import type { AnyPolicy } from '@tollgate/engine';
import { consumerRestriction } from './consumer-restriction/consumer-restriction.policy.ts';
import { cors } from './cors/cors.policy.ts';
import { ipRestriction } from './ip-restriction/ip-restriction.policy.ts';
import { keyAuth } from './key-auth/key-auth.policy.ts';
import { limitCount } from './limit-count/limit-count.policy.ts';
import { prometheus } from './prometheus/prometheus.policy.ts';
import { proxyRewrite } from './proxy-rewrite/proxy-rewrite.policy.ts';
import { requestId } from './request-id/request-id.policy.ts';
import { responseRewrite } from './response-rewrite/response-rewrite.policy.ts';

/** Every policy of the catalogue in the order in which they run unless `_meta.priority` says otherwise. */
export const policies: readonly AnyPolicy[] = [
  requestId,
  cors,
  ipRestriction,
  keyAuth,
  consumerRestriction,
  proxyRewrite,
  limitCount,
  responseRewrite,
  prometheus,
];
