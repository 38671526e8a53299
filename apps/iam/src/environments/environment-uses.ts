import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { gatewayGroupCreated, gatewayGroupDeleted } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { z } from 'zod';
import { environmentsRepository } from './environments.repository.ts';

type GroupCreated = ReceivedEvent<z.output<(typeof gatewayGroupCreated)['schema']>>;
type GroupDeleted = ReceivedEvent<z.output<(typeof gatewayGroupDeleted)['schema']>>;

const consumer = { consumer: 'environment-uses' } as const;

/** Keeps which gateway groups belong to which environment, so that none is deleted under them. */
@Injectable()
export class EnvironmentUses {
  @OnEvent(gatewayGroupCreated, consumer)
  async onCreated({ data, tenantId }: GroupCreated, unit: UnitOfWork): Promise<void> {
    const { groupId, environmentId, name } = data;
    await environmentsRepository.addUse(unit, { tenantId: tenantId ?? '', groupId, environmentId, name });
  }

  @OnEvent(gatewayGroupDeleted, consumer)
  async onDeleted({ data }: GroupDeleted, unit: UnitOfWork): Promise<void> {
    await environmentsRepository.removeUse(unit, data.groupId);
  }
}

/** @throws ApiError `resource.in_use`, naming the gateway groups. */
export async function refuseUsed(unit: UnitOfWork, environmentId: string): Promise<void> {
  const uses = await environmentsRepository.listUses(unit, environmentId);
  if (uses.length === 0) return;
  throw new ApiError(commonErrors.inUse, {
    errors: uses.map(({ groupId, name }) => ({ pointer: '', message: `Gateway group ${name} (${groupId}).` })),
  });
}
