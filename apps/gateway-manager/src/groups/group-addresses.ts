import type { GroupEntity } from './group.entity.ts';

/**
 * URLs by which clients reach a group: those that its owner wrote or, for shared groups, the installation's gateway under each of the
 * group's hosts. Empty: nobody has said.
 */
export function addressesOf(
  { publicUrls, poolKind, hosts }: Pick<GroupEntity, 'publicUrls' | 'poolKind' | 'hosts'>,
  { PUBLIC_GATEWAY_URL: gatewayUrl }: { readonly PUBLIC_GATEWAY_URL?: string | undefined },
): string[] {
  if (publicUrls.length > 0 || poolKind !== 'shared' || gatewayUrl === undefined) return publicUrls;
  return hosts.filter((host) => !host.includes('*')).map((host) => underHost(gatewayUrl, host));
}

function underHost(url: string, host: string): string {
  const address = new URL(url);
  address.hostname = host;
  return address.origin;
}
