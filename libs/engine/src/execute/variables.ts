import type { CallState } from './call-state.ts';

type Reader = (call: CallState) => string | undefined;

const fixed: Readonly<Record<string, Reader>> = {
  args: (call) => call.query,
  query_string: (call) => call.query,
  consumer_group_id: (call) => call.caller?.consumerGroupId ?? undefined,
  consumer_name: (call) => call.caller?.consumerId,
  credential_id: (call) => call.caller?.credentialId ?? undefined,
  content_length: (call) => call.header('content-length'),
  content_type: (call) => call.header('content-type'),
  host: (call) => call.host,
  matched_uri: (call) => call.match?.pattern.uri,
  method: (call) => call.method,
  remote_addr: (call) => call.clientAddress,
  real_request_uri: (call) => call.rawTarget,
  request_id: (call) => call.requestId,
  request_method: (call) => call.method,
  request_uri: (call) => (call.query === '' ? call.path : `${call.path}?${call.query}`),
  route_id: (call) => call.route?.id,
  route_name: (call) => call.route?.name ?? undefined,
  scheme: (call) => call.scheme,
  server_name: (call) => call.host,
  server_port: (call) => String(call.localPort),
  service_id: (call) => call.route?.serviceId ?? undefined,
  ssl_client_s_dn: (call) => call.tls?.clientCertificate?.subject,
  ssl_client_serial: (call) => call.tls?.clientCertificate?.serial,
  ssl_client_verify: (call) => (call.tls === null ? undefined : (call.tls.clientCertificate?.verify ?? 'NONE')),
  ssl_server_name: (call) => call.tls?.serverName ?? undefined,
  uri: (call) => call.path,
};

const prefixed: readonly (readonly [string, (call: CallState, rest: string) => string | undefined])[] = [
  ['arg_', (call, name) => call.queryParameter(name)],
  ['http_', (call, name) => call.header(name.replaceAll('_', '-'))],
  ['cookie_', (call, name) => call.cookie(name)],
  ['uri_param_', (call, name) => call.match?.parameters[name]],
];

/** How variables that have been asked for are read; configurations name few. */
const readers = new Map<string, Reader>();
const mostReaders = 1000;

/** An NGINX or APISIX variable of a call; undefined when it is unknown or has no value. */
export function readVariable(call: CallState, name: string): string | undefined {
  const known = readers.get(name);
  if (known !== undefined) return known(call);
  const reader = findReader(name);
  if (readers.size < mostReaders) readers.set(name, reader);
  return reader(call);
}

function findReader(name: string): Reader {
  const read = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
  if (read !== undefined) return read;
  for (const [prefix, readRest] of prefixed) {
    const rest = name.slice(prefix.length);
    if (name.startsWith(prefix)) return (call) => readRest(call, rest);
  }
  return () => undefined;
}
