import { Module } from '@nestjs/common';
import { AuthorityRepository } from './ca.repository.ts';
import { CertificateAuthority } from './certificate-authority.ts';

@Module({ providers: [AuthorityRepository, CertificateAuthority], exports: [CertificateAuthority] })
export class CaModule {}
