/** Status codes of gRPC by number. */
const grpc = {
  unknown: 2,
  permissionDenied: 7,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};

/** What a status of HTTP means to a gRPC client, as gRPC's own mapping for its clients has it. */
const byHttpStatus: Readonly<Record<number, number>> = {
  400: grpc.internal,
  401: grpc.unauthenticated,
  403: grpc.permissionDenied,
  404: grpc.unimplemented,
  429: grpc.unavailable,
  502: grpc.unavailable,
  503: grpc.unavailable,
  504: grpc.unavailable,
};

const longestMessage = 1024;

/** Whether a content type is gRPC's own, which gRPC-Web's is not. */
export function isGrpcType(contentType: string): boolean {
  return /^application\/grpc(?:[+;]|$)/i.test(contentType);
}

/** The `grpc-status` of an answer that is no answer of a gRPC server. */
export function grpcStatusOf(httpStatus: number): number {
  return byHttpStatus[httpStatus] ?? grpc.unknown;
}

/** A `grpc-message`: percent-encoded, so that it can stand in a header. */
export function grpcMessageOf(text: string): string {
  return text.slice(0, longestMessage).replace(/[^\x20-\x24\x26-\x7e]/gu, (character) => {
    const bytes = [...Buffer.from(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}
