import { defineServiceSchema } from '@tollgate/persistence';
import { GroupEntity } from './groups/group.entity.ts';
import { Groups1760000001000 } from './migrations/1760000001000-groups.ts';
import { Configuration1760000001100 } from './migrations/1760000001100-configuration.ts';
import { AccessState1760000001200 } from './migrations/1760000001200-access-state.ts';
import { PoolEntity } from './pools/pool.entity.ts';
import { RevisionChangeEntity } from './publishing/revision-change.entity.ts';
import { RevisionEntity } from './publishing/revision.entity.ts';
import { DraftResourceEntity } from './resources/draft-resource.entity.ts';
import { WorkspaceEntity } from './workspaces/workspace.entity.ts';

/** This service's part of the database. */
export const gatewayManagerSchema = defineServiceSchema({
  service: 'gateway-manager',
  entities: [PoolEntity, GroupEntity, WorkspaceEntity, DraftResourceEntity, RevisionEntity, RevisionChangeEntity],
  migrations: [Groups1760000001000, Configuration1760000001100, AccessState1760000001200],
  systemPurposes: {
    'shared-pools': 'shared pools belong to the operator and serve groups of many tenants',
    'group-look-up': 'a data plane’s link serves the groups of its pool, whoever owns them',
    'expired-credentials': 'one sweeper finds the credentials of all tenants that are past their time',
  },
  systemTables: {
    pools: 'the operator’s pools have no tenant',
    gateway_groups: 'a pool’s groups are looked up by the link before their tenant is known',
    portal_credentials: 'the expiry sweeper looks for what is due',
  },
});
