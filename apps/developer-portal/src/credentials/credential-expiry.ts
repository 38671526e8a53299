import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { CredentialsRepository, type DueCredential } from './credentials.repository.ts';
import { Revocation } from './revocation.ts';

const everyMs = 5_000;
const batchSize = 100;

/** Revokes rotated keys when their overlap is over. Gateways know the time too; this makes it final. */
@Injectable()
export class CredentialExpiry implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(CredentialExpiry.name);
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Revocation) private readonly revocation: Revocation,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#wake(), everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Revokes a batch of what is due now. Several instances at once do no harm. */
  async runOnce(): Promise<void> {
    const due = await this.database.inSystem('expire-credentials', (unit) =>
      this.credentials.findDue(unit, new Date(), batchSize),
    );
    for (const credential of due) await this.#expire(credential);
  }

  #wake(): void {
    this.#running ??= this.runOnce()
      .catch((err: unknown) => this.#logger.warn({ err }, 'expired credentials could not be revoked'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #expire({ id, tenantId, subscriptionId }: DueCredential): Promise<void> {
    const audit = {
      action: 'credential.expire',
      actor: { kind: 'service', id: 'developer-portal' },
      object: { kind: 'credential', id },
      details: {},
    };
    await this.database.inTenant(tenantId, async (unit) => {
      const subscription = await this.subscriptions.lock(unit, subscriptionId);
      await this.revocation.revoke(unit, subscription, id, audit);
    });
  }
}
