import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a group's upstreams are used: slow start, ejection. */
export class UpstreamSettings1760000003200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.gateway_groups add column upstreams jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.gateway_groups drop column upstreams');
  }
}
