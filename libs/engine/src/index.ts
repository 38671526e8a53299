export { Ledger, type CountedCall } from './account/ledger.ts';
export { type CallLane, Lane, LaneSlot } from './account/lane.ts';
export { LatencySketch } from './account/latency-sketch.ts';
export { type ApplyResult, type CompileFault, GroupCompiler, type GroupDelta } from './compile/group-compiler.ts';
export type { Program } from './compile/program.ts';
export { readResource, type ResourceText, textOf, type WrittenResource } from './compile/resource-text.ts';
export { engineErrors } from './engine.errors.ts';
export { type CloseOptions, createEngine, type Engine, type EngineOptions, type EngineStatus } from './engine.ts';
export { Groups, type GroupsOptions, type GroupStatus } from './groups.ts';
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
export { checkCredentialOptions, checkPolicyOptions } from './policy/check-policy-options.ts';
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
export type { TryOptions } from './trials/trials.ts';
export type { UsageStream } from './quota/quota-table.ts';
export type { Hash } from './shared-counters/key-hash.ts';
export type { SharedPiece, SharedPieces } from './shared-counters/shared-memory.ts';
export { type WindowKey, WindowTable, type WindowTerms } from './shared-counters/window-table.ts';
export type { WorkerPlace } from './shared-counters/worker-place.ts';
export type { KeyPair } from './sockets/tls-sockets.ts';
export {
  type AddressGuard,
  allowAllAddresses,
  type EgressSubject,
  refusePrivateAddresses,
} from './upstream/address-guard.ts';
export type { HealthStatus, HealthUpdate, NodeVerdict } from './upstream/health/health-board.ts';
export { createProber, type Prober, type ProberOptions } from './upstream/prober.ts';
export type { UpstreamOptions, UpstreamStatus } from './upstream/upstream-side.ts';
export { defaultResilience, type Resilience } from './upstream/resilience.ts';
export type { DnsOptions, DnsStatus } from './upstream/names/name-resolver.ts';
export type { ConsulOptions } from './discovery/consul-source.ts';
export type { DiscoveryStatus } from './discovery/discovery.ts';
export type { KubernetesOptions } from './discovery/kubernetes-source.ts';
export type { DiscoveryRegistries } from './discovery/registries.ts';
export type { DiscoveryState } from './discovery/service-watch.ts';
