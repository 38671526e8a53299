import { Inject, Injectable } from '@nestjs/common';
import { enrolRequest, linkBodyLimits, renewRequest } from '@tollgate/contracts/dataplane';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import { EnrolmentService } from '../enrolment/enrolment.service.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/** What works without a client certificate: the CA's root, enrol and renew. */
@Injectable()
export class IdentityRoutes implements LinkRoutes {
  constructor(
    @Inject(CertificateAuthority) private readonly authority: CertificateAuthority,
    @Inject(EnrolmentService) private readonly enrolment: EnrolmentService,
  ) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'open',
      method: 'GET',
      path: 'ca',
      handle: async () => ({ status: 200, body: { root: this.authority.rootPem } }),
    },
    {
      access: 'open',
      method: 'POST',
      path: 'enrol',
      handle: async ({ request }) => {
        const { value } = await readJson(request, enrolRequest, linkBodyLimits.enrol);
        return { status: 201, body: await this.enrolment.enrol(value) };
      },
    },
    {
      access: 'open',
      method: 'POST',
      path: 'renew',
      handle: async ({ request }) => {
        const { value } = await readJson(request, renewRequest, linkBodyLimits.renew);
        return { status: 200, body: await this.enrolment.renew(value) };
      },
    },
  ];
}
