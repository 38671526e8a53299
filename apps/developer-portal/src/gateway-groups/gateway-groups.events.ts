import { Inject, Injectable } from '@nestjs/common';
import { gatewayGroupAddressesChanged, gatewayGroupCreated, gatewayGroupDeleted } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { ProductUnbinding } from '../products/product-unbinding.ts';
import { GatewayGroupsRepository } from './gateway-groups.repository.ts';

const consumer = 'gateway-groups';

/** Keeps the hosts and addresses of gateway groups, which product pages show, and takes those that are gone out of the products. */
@Injectable()
export class GatewayGroupsEvents {
  constructor(
    @Inject(GatewayGroupsRepository) private readonly groups: GatewayGroupsRepository,
    @Inject(ProductUnbinding) private readonly products: ProductUnbinding,
  ) {}

  @OnEvent(gatewayGroupCreated, { consumer })
  async onCreated(
    { data }: ReceivedEvent<{ groupId: string; name: string; hosts: string[]; addresses?: string[] | undefined }>,
    unit: UnitOfWork,
  ): Promise<void> {
    const { groupId: id, name, hosts, addresses = [] } = data;
    await this.groups.add(unit, { id, name, hosts, addresses });
  }

  @OnEvent(gatewayGroupAddressesChanged, { consumer })
  async onAddressesChanged(
    { data }: ReceivedEvent<{ groupId: string; addresses: string[] }>,
    unit: UnitOfWork,
  ): Promise<void> {
    await this.groups.setAddresses(unit, data.groupId, data.addresses);
  }

  @OnEvent(gatewayGroupDeleted, { consumer })
  async onDeleted({ data, envelope }: ReceivedEvent<{ groupId: string }>, unit: UnitOfWork): Promise<void> {
    await this.groups.markDeleted(unit, data.groupId);
    await this.products.unbind(unit, data.groupId, { requestId: envelope.id });
  }
}
