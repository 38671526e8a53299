export { Ledger, type CountedCall } from './account/ledger.ts';
export { LatencySketch } from './account/latency-sketch.ts';
export { type ApplyResult, type CompileFault, GroupCompiler, type GroupDelta } from './compile/group-compiler.ts';
export type { Program } from './compile/program.ts';
export { engineErrors } from './engine.errors.ts';
export { createEngine, type Engine, type EngineOptions, type EngineStatus, type GroupStatus } from './engine.ts';
export { HeaderList } from './execute/header-list.ts';
export type { Listener } from './http1/http-listener.ts';
export { defaultLimits, type EngineLimits } from './execute/limits.ts';
export type { StreamKind } from './stream/stream-ports.ts';
export type { SocketChoice } from './sockets/choose-sockets.ts';
export { AddressSet } from './matching/address-set.ts';
export { compileExpression } from './matching/expression.ts';
export { type CallMetrics, type EngineMetrics, type NoiseReason, type ObservedCall, silentMetrics } from './metrics.ts';
export type {
  Call,
  Caller,
  Eventual,
  Outcome,
  RejectOptions,
  ResponseHead,
  RouteIdentity,
  UpstreamRequest,
  Verdict,
} from './policy/call.ts';
export { checkPolicyOptions } from './policy/check-policy-options.ts';
export {
  type AnyPolicy,
  type CredentialDirectory,
  type CredentialMatch,
  definePolicy,
  type Direction,
  type PolicyContext,
  type PolicyDefinition,
  type PolicyHandlers,
  type SharedUse,
} from './policy/define-policy.ts';
export {
  type AddressGuard,
  allowAllAddresses,
  type EgressSubject,
  refusePrivateAddresses,
} from './upstream/address-guard.ts';
export type { HealthStatus, HealthUpdate, NodeVerdict } from './upstream/health/health-board.ts';
export { defaultResilience, type Resilience } from './upstream/resilience.ts';
export type { DnsOptions, DnsStatus } from './upstream/names/name-resolver.ts';
export type { ConsulOptions } from './discovery/consul-source.ts';
export type { DiscoveryStatus } from './discovery/discovery.ts';
export type { KubernetesOptions } from './discovery/kubernetes-source.ts';
export type { DiscoveryRegistries } from './discovery/registries.ts';
export type { DiscoveryState } from './discovery/service-watch.ts';
