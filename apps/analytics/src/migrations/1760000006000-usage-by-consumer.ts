import type { MigrationInterface, QueryRunner } from 'typeorm';

const rollUps = ['usage_hours', 'usage_days'];

/** Developers ask for their own calls again and again: those are found without reading everybody's. */
export class UsageByConsumer1760000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const indexes = rollUps.map(
      (name) => `create index ${name}_consumer on analytics.${name} (tenant_id, consumer, start);`,
    );
    await runner.query(`
      ${indexes.join('\n')}
      create index subscription_labels_application on analytics.subscription_labels (tenant_id, application_id);
      create index subscription_labels_product on analytics.subscription_labels (tenant_id, product_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = [
      ...rollUps.map((name) => `${name}_consumer`),
      'subscription_labels_application',
      'subscription_labels_product',
    ];
    await runner.query(`drop index ${names.map((name) => `analytics.${name}`).join(', ')}`);
  }
}
