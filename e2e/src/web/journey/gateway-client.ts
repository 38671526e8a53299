import { type Answer, Caller } from '../../support/caller.ts';
import { poll } from '../../support/poll.ts';

/** Calls what a command that a page shows would call, and counts what came back. */
export class GatewayClient {
  readonly #callers = new Map<string, Caller>();

  /** Calls `address`; host names of gateways lead to this machine. */
  async call(address: string, key?: string): Promise<Answer> {
    const { host, port, pathname, search } = new URL(address);
    const caller = this.#callers.get(host) ?? new Caller(`http://127.0.0.1:${port}`, host);
    this.#callers.set(host, caller);
    return caller.call(`${pathname}${search}`, key === undefined ? {} : { key });
  }

  /** Calls until the answer has this status. */
  async callUntil(status: number, { address, key }: { address: string; key?: string }): Promise<Answer> {
    return poll(
      `${address} is answered with ${status}`,
      async () => {
        const answer = await this.call(address, key);
        return answer.status === status ? answer : undefined;
      },
      { withinMs: 15_000, everyMs: 100 },
    );
  }

  /** Calls answered so far. */
  get calls(): number {
    return [...this.#callers.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#callers.values()].map((caller) => caller.close()));
  }
}

/** The address in a command. @throws Error where there is none. */
export function addressIn(command: string): string {
  const [address] = /https?:\/\/[^\s'"]+/.exec(command) ?? [];
  if (address === undefined) throw new Error(`no address in ${command}`);
  return address;
}
