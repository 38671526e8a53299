import type { GatewayGroupSettings } from '@tollgate/contracts/gateway';

/** How failing nodes are left out for a time. */
export interface EjectionSettings {
  /** Failed calls one after the other after which a node is ejected; Infinity = never. */
  readonly failures: number;
  /** The first time; the n-th one of late lasts n times as long. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** The share of an upstream's nodes that may be ejected at once, 0 to 1; one always may. */
  readonly maxShare: number;
}

/** What we add to APISIX's upstreams; it stands in the settings of the group and of the engine, never in the upstream. */
export interface Resilience {
  /** How long a node that is new, or has become healthy, takes to get its whole share; 0 = none. */
  readonly slowStartMs: number;
  readonly ejection: EjectionSettings;
}

/** Nothing that APISIX would not do; the times hold for upstreams that have passive checks only. */
export const defaultResilience: Resilience = {
  slowStartMs: 0,
  ejection: { failures: Infinity, baseMs: 30_000, maxMs: 300_000, maxShare: 0.5 },
};

/** The settings of a group; what it leaves out is as the engine has it. */
export function groupResilience(group: GatewayGroupSettings['upstreams'], engine: Resilience): Resilience {
  if (group === undefined) return engine;
  const { slowStartSeconds, ejection } = group;
  return {
    slowStartMs: slowStartSeconds === undefined ? engine.slowStartMs : slowStartSeconds * 1000,
    ejection:
      ejection === undefined
        ? engine.ejection
        : {
            failures: ejection.failures,
            baseMs: ejection.baseSeconds * 1000,
            maxMs: ejection.maxSeconds * 1000,
            maxShare: ejection.maxShare,
          },
  };
}
