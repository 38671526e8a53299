import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

const mebibyte = 1024 * 1024;
/** Where the kernel does not say how far it lets buffers grow. */
const usualMost = 32 * mebibyte;

function mostOf(direction: 'rmem' | 'wmem'): number {
  if (platform() !== 'linux') return usualMost;
  const [, , most = String(usualMost)] = readFileSync(`/proc/sys/net/ipv4/tcp_${direction}`, 'utf8')
    .trim()
    .split(/\s+/);
  return Number(most);
}

/** Bytes that the kernel may hold of one TCP connection on its way from one process of this machine to another. */
export function mostBytesInKernel(): number {
  return mostOf('wmem') + mostOf('rmem');
}
