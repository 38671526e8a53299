import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';

const productTopic = 'tollgate.developer-portal.product';
const planTopic = 'tollgate.developer-portal.plan';
const subscriptionTopic = 'tollgate.developer-portal.subscription';
const developerTopic = 'tollgate.developer-portal.developer';

/** Which routes of which gateway groups a product consists of. */
const productBinding = z.object({ groupId: idSchema('grp'), routeIds: z.array(z.string()).min(1).max(1000) });

export const productPublished = defineEvent({
  type: 'portal.product.published.v1',
  topic: productTopic,
  description: 'A product is on sale, or its routes or plans changed while it is: only its plans pass on its routes.',
  data: z.object({
    productId: idSchema('prd'),
    name: z.string(),
    bindings: z.array(productBinding).min(1),
    planVersionIds: z.array(idSchema('plv')),
    /** A keyless product lets callers without a credential through. */
    keyless: z.boolean(),
  }),
});

export const productUnpublished = defineEvent({
  type: 'portal.product.unpublished.v1',
  topic: productTopic,
  description: 'A product is no longer on sale; existing subscriptions keep working.',
  data: z.object({ productId: idSchema('prd') }),
});

export const productDeleted = defineEvent({
  type: 'portal.product.deleted.v1',
  topic: productTopic,
  description:
    'A product is gone for good; its subscriptions ended before. Nobody passes on its routes by it any more.',
  data: z.object({ productId: idSchema('prd') }),
});

/** Limit of a plan in calls per window; compiles to a `limit-count` of the plan’s consumer group. */
export const planLimit = z.object({
  calls: z.number().int().positive(),
  windowSeconds: z.number().int().positive().max(86_400),
});
/** Quota of a plan in calls per calendar period; decided centrally. */
export const planQuota = z.object({ calls: z.number().int().positive(), period: z.enum(['day', 'month']) });

export const planVersionPublished = defineEvent({
  type: 'portal.plan.version_published.v1',
  topic: planTopic,
  description: 'A plan has a new immutable version of its limits and terms.',
  data: z.object({
    planId: idSchema('pln'),
    planVersionId: idSchema('plv'),
    productId: idSchema('prd'),
    version: z.number().int().positive(),
    name: z.string(),
    limit: planLimit.nullable(),
    quota: planQuota.nullable(),
  }),
});

const subscriptionData = z.object({
  subscriptionId: idSchema('sub'),
  applicationId: idSchema('app'),
  applicationName: z.string(),
  developerId: idSchema('dev'),
  productId: idSchema('prd'),
  planVersionId: idSchema('plv'),
  groupIds: z.array(idSchema('grp')),
});

export const subscriptionRequested = defineEvent({
  type: 'portal.subscription.requested.v1',
  topic: subscriptionTopic,
  description: 'An application asks for a plan and waits; its credentials are refused with 403.',
  data: subscriptionData,
});
export const subscriptionApproved = defineEvent({
  type: 'portal.subscription.approved.v1',
  topic: subscriptionTopic,
  description: 'An application may call the product under this plan version.',
  data: subscriptionData,
});
export const subscriptionSuspended = defineEvent({
  type: 'portal.subscription.suspended.v1',
  topic: subscriptionTopic,
  description: 'A subscription is stopped for now; its credentials are refused with 403.',
  data: subscriptionData,
});
export const subscriptionCancelled = defineEvent({
  type: 'portal.subscription.cancelled.v1',
  topic: subscriptionTopic,
  description: 'A subscription ended or was refused; its credentials are gone.',
  data: subscriptionData,
});

/** Keyed by subscription, so that a credential never arrives before its subscription or after its end. */
export const credentialIssued = defineEvent({
  type: 'portal.credential.issued.v1',
  topic: subscriptionTopic,
  description: 'A subscription got a key. Only its SHA-256 leaves the portal.',
  data: z.object({
    credentialId: idSchema('crd'),
    subscriptionId: idSchema('sub'),
    groupIds: z.array(idSchema('grp')),
    keySha256: z.string().regex(/^[0-9a-f]{64}$/),
    expiresAt: z.iso.datetime().nullable(),
    /** `try`: made for a page by which a developer tries the API; it ends by itself within minutes. Absent: `key`. */
    kind: z.enum(['key', 'try']).optional(),
  }),
});
export const credentialRevoked = defineEvent({
  type: 'portal.credential.revoked.v1',
  topic: subscriptionTopic,
  description: 'A key must be refused everywhere within a second.',
  data: z.object({
    credentialId: idSchema('crd'),
    subscriptionId: idSchema('sub'),
    groupIds: z.array(idSchema('grp')),
  }),
});

export const developerRegistered = defineEvent({
  type: 'portal.developer.registered.v1',
  topic: developerTopic,
  description:
    'A person signed up at a portal site and waits for approval, or is approved at once by the site’s setting.',
  data: z.object({ developerId: idSchema('dev'), siteId: idSchema('site'), state: z.enum(['pending', 'approved']) }),
});
export const developerApproved = defineEvent({
  type: 'portal.developer.approved.v1',
  topic: developerTopic,
  description: 'A developer may create applications.',
  data: z.object({ developerId: idSchema('dev'), siteId: idSchema('site') }),
});
export const developerErased = defineEvent({
  type: 'portal.developer.erased.v1',
  topic: developerTopic,
  description: 'A developer erased themselves; whoever keeps personal data of theirs deletes it.',
  data: z.object({ developerId: idSchema('dev'), siteId: idSchema('site') }),
});
