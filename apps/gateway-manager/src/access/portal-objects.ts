import type { planVersionPublished, productPublished } from '@tollgate/contracts/events';
import type { z } from 'zod';

type ProductData = z.output<typeof productPublished.schema>;
type PlanData = z.output<typeof planVersionPublished.schema>;

/** An API product as the portal announced it. */
export interface PortalProduct {
  id: string;
  name: string;
  bindings: ProductData['bindings'];
  planVersionIds: string[];
  keyless: boolean;
  version: number;
  /** True for a product that the portal deleted: it stays bound, and nobody passes. */
  isDeleted: boolean;
}

/** An immutable version of a plan. */
export interface PortalPlanVersion {
  id: string;
  planId: string;
  productId: string;
  number: number;
  name: string;
  limit: PlanData['limit'];
  quota: PlanData['quota'];
}

export type SubscriptionState = 'pending' | 'active' | 'suspended' | 'cancelled';

/** An application's subscription to a plan version. */
export interface PortalSubscription {
  id: string;
  applicationId: string;
  applicationName: string;
  developerId: string;
  productId: string;
  planVersionId: string;
  groupIds: string[];
  state: SubscriptionState;
  version: number;
}

/** A key of a subscription; without its hash when only its end was heard of. */
export interface PortalCredential {
  id: string;
  subscriptionId: string;
  groupIds: string[];
  keySha256: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
  /** Null when only its end was heard of. */
  kind: 'key' | 'try' | null;
}
