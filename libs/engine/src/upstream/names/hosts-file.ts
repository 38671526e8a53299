import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

/** How often the file is looked at, in milliseconds. */
const checkEveryMs = 5_000;
/** A hosts file beyond this is not read. */
const limitBytes = 1024 * 1024;
const loopback: readonly string[] = ['127.0.0.1', '::1'];

/** The names of the machine's hosts file, which go before DNS, and `localhost`, which never goes to DNS (RFC 6761). */
export class HostsFile {
  #names = new Map<string, string[]>();
  #checkedAt = -Infinity;
  #version = '';

  constructor(private readonly path = '/etc/hosts') {}

  /** @param name in lower case. */
  find(name: string): readonly string[] | undefined {
    this.#refresh();
    const found = this.#names.get(name);
    if (found !== undefined) return found;
    return name === 'localhost' || name.endsWith('.localhost') ? loopback : undefined;
  }

  #refresh(): void {
    const nowMs = performance.now();
    if (nowMs - this.#checkedAt < checkEveryMs) return;
    this.#checkedAt = nowMs;
    try {
      const { mtimeMs, size } = statSync(this.path);
      const version = `${mtimeMs} ${size}`;
      if (version === this.#version || size > limitBytes) return;
      this.#names = parse(readFileSync(this.path, 'utf8'));
      this.#version = version;
    } catch {
      // Without such a file there are no such names.
      this.#names = new Map();
      this.#version = '';
    }
  }
}

function parse(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...hosts] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const host of hosts.map((name) => name.toLowerCase())) {
      const addresses = names.get(host);
      if (addresses === undefined) names.set(host, [address]);
      else if (!addresses.includes(address)) addresses.push(address);
    }
  }
  return names;
}
