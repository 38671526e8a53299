import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getMember, listMembers, removeMember, updateMember } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { MembersService } from './members.service.ts';

@ApiController()
export class MembersController {
  constructor(@Inject(MembersService) private readonly members: MembersService) {}

  @Implements(listMembers)
  list(call: EndpointCall<typeof listMembers>): Promise<EndpointResult<typeof listMembers>> {
    return this.members.list(call);
  }

  @Implements(getMember)
  get(call: EndpointCall<typeof getMember>): Promise<EndpointResult<typeof getMember>> {
    return this.members.get(call);
  }

  @Implements(updateMember)
  update(call: EndpointCall<typeof updateMember>): Promise<EndpointResult<typeof updateMember>> {
    return this.members.update(call);
  }

  @Implements(removeMember)
  async remove(call: EndpointCall<typeof removeMember>): Promise<undefined> {
    await this.members.remove(call);
  }
}
