import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  listWorkspaces,
  updateWorkspace,
  Workspace,
} from '@tollgate/contracts/rest/gateway';
import { Database, mapPage } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { GroupsRepository } from '../groups/groups.repository.ts';
import type { WorkspaceEntity } from './workspace.entity.ts';
import { WorkspacesRepository } from './workspaces.repository.ts';

/** Workspaces of a group: names and existence; what is in them belongs to the draft. */
@Injectable()
export class WorkspacesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
  ) {}

  async list(call: EndpointCall<typeof listWorkspaces>): Promise<Page<Workspace>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.groups.get(unit, call.params.groupId);
      return mapPage(await this.workspaces.list(unit, call.params.groupId, call.query), toWorkspace);
    });
  }

  async get(call: EndpointCall<typeof getWorkspace>): Promise<Workspace> {
    const { groupId, workspaceId } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toWorkspace(await this.workspaces.get(unit, groupId, workspaceId)),
    );
  }

  async create(call: EndpointCall<typeof createWorkspace>): Promise<Workspace> {
    const { name } = call.body;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.groups.get(unit, call.params.groupId);
      const workspace = await this.workspaces.insert(unit, call.params.groupId, name);
      await unit.audit(auditOf(call, { action: 'workspace.create', object: objectOf(workspace), details: { name } }));
      return toWorkspace(workspace);
    });
  }

  async rename(call: EndpointCall<typeof updateWorkspace>): Promise<Workspace> {
    const { groupId, workspaceId } = call.params;
    const change = { name: call.body.name, expectedVersion: call.ifMatch ?? 0 };
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const workspace = await this.workspaces.get(unit, groupId, workspaceId);
      const renamed = await this.workspaces.rename(unit, workspace, change);
      const details = { from: workspace.name, to: change.name };
      await unit.audit(auditOf(call, { action: 'workspace.update', object: objectOf(workspace), details }));
      return toWorkspace(renamed);
    });
  }

  async delete(call: EndpointCall<typeof deleteWorkspace>): Promise<void> {
    const { groupId, workspaceId } = call.params;
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const workspace = await this.workspaces.get(unit, groupId, workspaceId);
      await this.workspaces.delete(unit, workspace.id, call.ifMatch ?? 0);
      await unit.audit(auditOf(call, { action: 'workspace.delete', object: objectOf(workspace) }));
    });
  }
}

function objectOf({ id }: WorkspaceEntity): { kind: string; id: string } {
  return { kind: 'workspace', id };
}

function toWorkspace({ id, groupId, name, version, createdAt, updatedAt }: WorkspaceEntity): Workspace {
  return { id, groupId, name, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
