import { Inject, Injectable } from '@nestjs/common';
import { gatewayGroupCreated, gatewayGroupDeleted } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { ProductUnbinding } from '../products/product-unbinding.ts';
import { GatewayGroupsRepository } from './gateway-groups.repository.ts';

const consumer = 'gateway-groups';

/** Keeps the hosts of gateway groups, which product pages show, and takes those that are gone out of the products. */
@Injectable()
export class GatewayGroupsEvents {
  constructor(
    @Inject(GatewayGroupsRepository) private readonly groups: GatewayGroupsRepository,
    @Inject(ProductUnbinding) private readonly products: ProductUnbinding,
  ) {}

  @OnEvent(gatewayGroupCreated, { consumer })
  async onCreated(
    { data }: ReceivedEvent<{ groupId: string; name: string; hosts: string[] }>,
    unit: UnitOfWork,
  ): Promise<void> {
    await this.groups.add(unit, { id: data.groupId, name: data.name, hosts: data.hosts });
  }

  @OnEvent(gatewayGroupDeleted, { consumer })
  async onDeleted({ data, envelope }: ReceivedEvent<{ groupId: string }>, unit: UnitOfWork): Promise<void> {
    await this.groups.markDeleted(unit, data.groupId);
    await this.products.unbind(unit, data.groupId, { requestId: envelope.id });
  }
}
