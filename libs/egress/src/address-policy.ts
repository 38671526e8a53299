import ipaddr from 'ipaddr.js';

/** Kinds of addresses that tenants may not reach unless the operator allows it. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'reserved';

/** What the operator allows beyond public addresses. */
export interface AddressPolicy {
  /** Kinds that may be reached. Default: none. The embedded installation allows `loopback`. */
  readonly allowedKinds?: readonly Exclude<AddressKind, 'public'>[];
  /** Addresses and CIDR ranges that may be reached whatever their kind. */
  readonly allowedRanges?: readonly string[];
}

/** Addresses of cloud metadata services; some lie in ranges that are otherwise private or reserved. */
const metadataAddresses = ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'];

const kindsOfRange: Record<string, AddressKind> = {
  unicast: 'public',
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  linkLocal: 'link-local',
};

/** What kind of address this is. IPv4 addresses inside IPv6 ones (mapped, NAT64, 6to4) count as what they carry. */
export function addressKind(address: string): AddressKind {
  if (!ipaddr.isValid(address)) return 'reserved';
  const parsed = carried(ipaddr.parse(address));
  if (metadataAddresses.includes(parsed.toString())) return 'metadata';
  return kindsOfRange[parsed.range()] ?? 'reserved';
}

/** True when the policy lets this address be reached. What is no address never is. */
export function isAllowed(address: string, policy: AddressPolicy): boolean {
  if (!ipaddr.isValid(address)) return false;
  const kind = addressKind(address);
  if (kind === 'public' || policy.allowedKinds?.includes(kind)) return true;
  const parsed = carried(ipaddr.parse(address));
  return (policy.allowedRanges ?? []).some((range) => isWithin(parsed, range));
}

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

function isWithin(address: Parsed, range: string): boolean {
  const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : single(ipaddr.parse(range));
  return address.kind() === network.kind() && address.match(network, bits);
}

function single(address: Parsed): [Parsed, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function carried(address: Parsed): Parsed {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  const inside = (from: number) => new ipaddr.IPv4(bytes.slice(from, from + 4));
  if (address.range() === 'rfc6052') return inside(12);
  if (address.range() === '6to4') return inside(2);
  return address;
}
