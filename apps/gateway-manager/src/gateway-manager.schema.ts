import { defineServiceSchema } from '@tollgate/persistence';
import { AuthorityEntity } from './ca/ca.entity.ts';
import { EnrolmentTokenEntity } from './enrolment/enrolment-token.entity.ts';
import { ClientCertificateEntity, DataPlaneEntity } from './fleet/data-plane.entity.ts';
import { GroupEntity } from './groups/group.entity.ts';
import { Groups1760000001000 } from './migrations/1760000001000-groups.ts';
import { Configuration1760000001100 } from './migrations/1760000001100-configuration.ts';
import { AccessState1760000001200 } from './migrations/1760000001200-access-state.ts';
import { Fleet1760000002000 } from './migrations/1760000002000-fleet.ts';
import { DeletedProducts1760000002100 } from './migrations/1760000002100-deleted-products.ts';
import { TenantVersions1760000003000 } from './migrations/1760000003000-tenant-versions.ts';
import { QuotaLeases1760000003100 } from './migrations/1760000003100-quota-leases.ts';
import { UpstreamSettings1760000003200 } from './migrations/1760000003200-upstream-settings.ts';
import { CredentialKinds1760000003300 } from './migrations/1760000003300-credential-kinds.ts';
import { PublicUrls1760000003400 } from './migrations/1760000003400-public-urls.ts';
import { DraftLists1760000004000 } from './migrations/1760000004000-draft-lists.ts';
import { PoolEntity } from './pools/pool.entity.ts';
import { PublishedResourceEntity } from './publishing/published-resource.entity.ts';
import { RevisionChangeEntity } from './publishing/revision-change.entity.ts';
import { RevisionEntity } from './publishing/revision.entity.ts';
import { DraftResourceEntity } from './resources/draft-resource.entity.ts';
import { WorkspaceEntity } from './workspaces/workspace.entity.ts';

/** This service's part of the database. */
export const gatewayManagerSchema = defineServiceSchema({
  service: 'gateway-manager',
  entities: [
    PoolEntity,
    GroupEntity,
    WorkspaceEntity,
    DraftResourceEntity,
    RevisionEntity,
    RevisionChangeEntity,
    PublishedResourceEntity,
    AuthorityEntity,
    EnrolmentTokenEntity,
    DataPlaneEntity,
    ClientCertificateEntity,
  ],
  migrations: [
    Groups1760000001000,
    Configuration1760000001100,
    AccessState1760000001200,
    Fleet1760000002000,
    DeletedProducts1760000002100,
    TenantVersions1760000003000,
    QuotaLeases1760000003100,
    UpstreamSettings1760000003200,
    CredentialKinds1760000003300,
    PublicUrls1760000003400,
    DraftLists1760000004000,
  ],
  systemPurposes: {
    'shared-pools': 'shared pools belong to the operator and serve groups of many tenants',
    'group-look-up': 'a data plane’s link serves the groups of its pool, whoever owns them',
    'certificate-authority': 'the platform has one CA; it belongs to no tenant',
    enrolment: 'a data plane names its token or certificate before its tenant is known',
    link: 'one link serves the data planes of all tenants',
    fleet: 'heartbeats and acknowledgements of all tenants are stored together',
    'quota-leases': 'the data planes that share a quota may be shared ones, which have no tenant',
    'fleet-view': 'a tenant sees the state of the shared data planes that serve its groups',
  },
  globalTables: { certificate_authorities: 'the platform has one CA' },
  systemTables: {
    pools: 'the operator’s pools have no tenant',
    gateway_groups: 'a pool’s groups are looked up by the link before their tenant is known',
    sequence_heads: 'the fleet compares what data planes have with what is in force',
    certificate_authorities: 'only the platform reads and adds its CA',
    enrolment_tokens: 'looked up by id when a data plane enrols; those of shared pools have no tenant',
    data_planes: 'shared ones have no tenant; heartbeats are written for all',
    client_certificates: 'issued when the tenant is known from the token only',
    data_plane_groups: 'acknowledgements are written for all tenants together',
  },
});
