/** What the preload needs before any configuration is read. */
export interface TelemetryEnvironment {
  endpoint: string | undefined;
  serviceName: string;
}

/** OTEL_EXPORTER_OTLP_ENDPOINT switches export on; OTEL_SERVICE_NAME names the process. */
export function telemetryEnvironment(): TelemetryEnvironment {
  return {
    endpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT || undefined,
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'tollgate',
  };
}
