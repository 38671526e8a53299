import { createPrivateKey, X509Certificate } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { BackOff } from '../link/back-off.ts';
import type { LinkAddress } from '../link/link-http.ts';
import { LinkRefusal } from '../link/link-refusal.ts';
import { enrol, renew, UnreadableToken, UntrustedControlPlane } from './enrol.ts';
import type { Identity, IdentityStore } from './identity-store.ts';

/** Longest delay that a timer of Node takes. */
const longestTimerMs = 2 ** 31 - 1;

/** What keeping an identity works with. */
export interface IdentityKeeperOptions {
  readonly store: IdentityStore;
  readonly address: LinkAddress;
  readonly token: string | undefined;
  readonly name: string;
  readonly logger: Logger;
  /** The data plane has another certificate from now on. */
  readonly onRenewed: (identity: Identity) => void;
}

/** The data plane cannot get an identity, and trying again would not help. */
export class EnrolmentFailed extends Error {
  override readonly name = 'EnrolmentFailed';
}

/** Gets an identity when there is none, and the next one when a third of its time is over, for as long as the process lives. */
export class IdentityKeeper {
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | null = null;

  constructor(private readonly options: IdentityKeeperOptions) {}

  /**
   * The stored identity, or a new one; tries until the control plane answers.
   * @throws EnrolmentFailed
   */
  async obtain(): Promise<Identity> {
    const identity = (await this.options.store.load()) ?? (await this.#enrol());
    this.#scheduleRenewal(identity);
    return identity;
  }

  /** Renews now. */
  renewNow(present: Identity): Promise<void> {
    this.#renewing ??= this.#renew(present).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /**
   * Takes the identity that stands on disk, should another one have been put there.
   * @returns false when it is the present one.
   * @throws Error when it cannot be used here; the present one stays.
   */
  async reload(present: Identity): Promise<boolean> {
    await this.#renewing;
    const stored = await this.options.store.load();
    if (stored === null) throw new Error('the state folder holds no identity any more');
    if (isSame(stored, present)) return false;
    assertSuccessor(stored, present);
    this.options.logger.info({ notAfter: stored.notAfter }, 'another certificate was found on disk');
    this.options.onRenewed(stored);
    this.#scheduleRenewal(stored);
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#renewing;
  }

  async #enrol(): Promise<Identity> {
    const { token, address, name, store, logger } = this.options;
    if (token === undefined) throw new EnrolmentFailed('Set TOLLGATE_ENROL_TOKEN: the state folder holds no identity.');
    const identity = await this.#untilAnswered('enrolment', () => enrol(address, token, name));
    await store.save(identity);
    logger.info({ dataPlaneId: identity.dataPlaneId, poolId: identity.poolId }, 'data plane is enrolled');
    return identity;
  }

  async #renew(present: Identity): Promise<void> {
    const { address, store, logger, onRenewed } = this.options;
    try {
      const identity = await this.#untilAnswered('renewal', () => renew(address, present));
      await store.save(identity);
      logger.info({ notAfter: identity.notAfter }, 'certificate is renewed');
      onRenewed(identity);
      this.#scheduleRenewal(identity);
    } catch (err) {
      if (!this.#stopping.signal.aborted)
        logger.error({ err }, 'certificate cannot be renewed; serving goes on without the link');
    }
  }

  #scheduleRenewal(identity: Identity): void {
    clearTimeout(this.#timer);
    const dueInMs = Math.max(0, Date.parse(identity.renewAt) - Date.now());
    const renewOrWait = (): void => {
      if (dueInMs > longestTimerMs) this.#scheduleRenewal(identity);
      else void this.renewNow(identity);
    };
    this.#timer = setTimeout(renewOrWait, Math.min(dueInMs, longestTimerMs)).unref();
  }

  async #untilAnswered(what: string, attempt: () => Promise<Identity>): Promise<Identity> {
    const backOff = new BackOff();
    const { signal } = this.#stopping;
    for (;;) {
      try {
        return await attempt();
      } catch (err) {
        if (isFinal(err)) throw new EnrolmentFailed(`${what} failed: ${err.message}`, { cause: err });
        this.options.logger.warn({ err, what }, 'control plane did not answer; trying again');
      }
      await pause(backOff.next(), undefined, { signal });
    }
  }
}

/** An answer that would be the same next time. */
function isFinal(err: unknown): err is Error {
  if (err instanceof UntrustedControlPlane || err instanceof UnreadableToken) return true;
  return err instanceof LinkRefusal && err.status >= 400 && err.status < 500 && err.status !== 429;
}

function isSame(one: Identity, other: Identity): boolean {
  return (
    one.certificateChain === other.certificateChain &&
    one.privateKey === other.privateKey &&
    one.root === other.root &&
    one.renewAt === other.renewAt
  );
}

/** Usage goes on under the name of the data plane, and its groups are those of its pool: another one's identity needs another start. */
function assertSuccessor(stored: Identity, present: Identity): void {
  const { dataPlaneId, poolId, shared, certificateChain, privateKey } = stored;
  if (dataPlaneId !== present.dataPlaneId || poolId !== present.poolId || shared !== present.shared) {
    throw new Error(`the identity on disk is that of ${dataPlaneId} in ${poolId}: start anew to become it`);
  }
  if (!new X509Certificate(certificateChain).checkPrivateKey(createPrivateKey(privateKey))) {
    throw new Error('the certificate on disk does not belong to the key beside it');
  }
}
