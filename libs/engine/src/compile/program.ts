import type { GatewayGroupSettings } from '@tollgate/contracts/gateway';
import type { CallWatch } from '../execute/call-watch.ts';
import type { AddressSet } from '../matching/address-set.ts';
import type { Router } from '../matching/router.ts';
import type { Pipeline } from '../policy/pipeline.ts';
import type { ProgramSources } from './program-sources.ts';
import type { AccessIndex } from './access-index.ts';
import type { Certificates } from './certificate-table.ts';
import type { StreamRoutes } from './stream-routes.ts';
import type { CompiledRoute } from './compiled-route.ts';

/**
 * What a group's configuration has become: immutable, replaced as a whole by a change that shares with it all that did not
 * change. Only `access` is live.
 */
export interface Program {
  readonly groupId: string;
  readonly settings: GatewayGroupSettings;
  readonly router: Router<CompiledRoute>;
  /** Global rules; they run apart from, and before, those of route and caller. */
  readonly globalPipeline: Pipeline;
  readonly trustedPeers: AddressSet;
  readonly certificates: Certificates;
  readonly streams: StreamRoutes;
  readonly access: AccessIndex;
  /** What it was compiled from, for explanations; not for calls. */
  readonly sources: ProgramSources;
  /** Null but for the one call of a try. */
  readonly watch: CallWatch | null;
}
