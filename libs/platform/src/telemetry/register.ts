/**
 * Preload: `node --import @tollgate/platform/telemetry main.js`. Starts OpenTelemetry before anything else is loaded, so that database,
 * Redis and Kafka clients are instrumented. The loader hook gets an include list: without one every module of the application would be rewritten.
 */
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { telemetryEnvironment } from './config.ts';

const environment = telemetryEnvironment();

if (environment.endpoint !== undefined) {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, {
    data: { include: ['pg', 'ioredis', 'kafkajs'] },
  });
  const sdk = new NodeSDK({
    serviceName: environment.serviceName,
    traceExporter: new OTLPTraceExporter({ url: `${environment.endpoint.replace(/\/$/, '')}/v1/traces` }),
    instrumentations: [
      new PgInstrumentation({ requireParentSpan: true }),
      new IORedisInstrumentation({ requireParentSpan: true }),
      new KafkaJsInstrumentation(),
    ],
  });
  sdk.start();
  process.once('beforeExit', () => void sdk.shutdown());
}
