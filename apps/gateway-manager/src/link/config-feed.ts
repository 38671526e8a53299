import type { GatewayResource, ResourceKey, Sequence } from '@tollgate/contracts/gateway';

/** One resource of a change: put with its value, or deleted. */
export type FeedChange = ({ op: 'put' } & GatewayResource) | ({ op: 'delete' } & ResourceKey);

/** The way from one position of a sequence to another. */
export interface FeedStep {
  /** 0 where the step is a snapshot. */
  readonly from: number;
  readonly to: number;
  /** Group hash of the sequence at `to`. */
  readonly hash: string;
  /** In dependency order: puts by `resourceKinds`, then deletes in the reverse order. A snapshot has puts only. */
  readonly changes: readonly FeedChange[];
}

/** One of the two histories of a group. */
export interface SequenceFeed {
  /** Everything in force. An existing group without any revision has position 0 and no resources. */
  snapshot(groupId: string): Promise<FeedStep>;
  /** What changed since `from`; null when that is unknown, too long ago or ahead of the present position. */
  delta(groupId: string, from: number): Promise<FeedStep | null>;
}

/** Something that data planes must hear about. */
export type FeedNotice =
  | { readonly kind: 'group'; readonly groupId: string; readonly sequence: Sequence }
  /** A group joined or left the pool. */
  | { readonly kind: 'pool'; readonly poolId: string };

/** A group that a pool serves. */
export interface ServedGroup {
  readonly groupId: string;
  readonly tenantId: string;
}

/**
 * Where the link reads the configuration of gateway groups from. The feed itself is {@link SequenceFeed} of the revisions.
 * `onChange` tells what any instance of this service committed, within milliseconds; a listener must not throw.
 */
export interface ConfigFeed extends SequenceFeed {
  readonly access: SequenceFeed;
  groupsOf(poolId: string): Promise<ServedGroup[]>;
  /** Returns the function that ends the subscription. After a gap in hearing the feed sends a notice for each group anew. */
  onChange(listener: (notice: FeedNotice) => void): () => void;
}

/** Injection token of the {@link ConfigFeed}. */
export const CONFIG_FEED = Symbol('gateway-manager.config-feed');
