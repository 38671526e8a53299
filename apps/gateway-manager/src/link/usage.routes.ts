import { Inject, Injectable } from '@nestjs/common';
import { linkBodyLimits, usageBatch } from '@tollgate/contracts/dataplane';
import { UsageIntake } from '../usage-intake/usage-intake.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/** Takes usage; the answer means that the batch is on the bus. */
@Injectable()
export class UsageRoutes implements LinkRoutes {
  constructor(@Inject(UsageIntake) private readonly intake: UsageIntake) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'POST',
      path: 'usage',
      handle: async ({ request }, peer) => {
        const { value, raw } = await readJson(request, usageBatch, linkBodyLimits.usage);
        await this.intake.accept(peer, { batch: value, raw });
        return { status: 204 };
      },
    },
  ];
}
