import { z } from 'zod';
import type { KubernetesObject } from './helm.ts';

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });

const variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }).optional(),
});

const pod = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    automountServiceAccountToken: z.boolean(),
    enableServiceLinks: z.boolean(),
    securityContext: z.object({ runAsNonRoot: z.boolean(), seccompProfile: z.object({ type: z.string() }) }),
    containers: z
      .array(
        z.object({
          name: z.string(),
          image: z.string(),
          securityContext: z.object({
            allowPrivilegeEscalation: z.boolean(),
            readOnlyRootFilesystem: z.boolean(),
            capabilities: z.object({ drop: z.array(z.string()) }),
          }),
          env: z.array(variable),
          envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
          ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
          livenessProbe: probe.optional(),
          readinessProbe: probe.optional(),
          resources: z.object({ limits: z.object({ cpu: z.string(), memory: z.string() }) }),
        }),
      )
      .length(1),
  }),
});

/** A rendered object that runs pods of one container. */
export interface Workload {
  /** The app's name. */
  readonly app: string;
  readonly pod: z.output<typeof pod>['spec'];
  readonly container: z.output<typeof pod>['spec']['containers'][number];
}

/** The objects that run pods. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .flatMap((object) => {
      const { template } = z.object({ spec: z.object({ template: pod }) }).parse(object).spec;
      const app = template.metadata.labels['app.kubernetes.io/component'] ?? '';
      return template.spec.containers.map((container) => ({ app, pod: template.spec, container }));
    });
}

/** Stands for a value that only the cluster's Secret knows. */
const secretValues: Record<string, string> = {
  DATABASE_URL: 'postgres://admin:secret@postgres:5432/tollgate',
  REDIS_URL: 'redis://redis:6379',
  SMTP_URL: 'smtp://mail:587',
};

/** The whole environment of a container: its ConfigMaps, then its own variables, with stand-ins for what Secrets hold. */
export function environmentOf({ container }: Workload, objects: readonly KubernetesObject[]): Record<string, string> {
  const maps = container.envFrom.map(({ configMapRef }) => {
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef.name);
    return z.object({ data: z.record(z.string(), z.string()) }).parse(map).data;
  });
  const own = container.env.map(({ name, value, valueFrom }) => [
    name,
    valueFrom === undefined ? (value ?? '') : standIn(valueFrom.secretKeyRef.key),
  ]);
  return Object.assign({}, ...maps, Object.fromEntries(own)) as Record<string, string>;
}

function standIn(key: string): string {
  return (
    secretValues[key] ??
    (key.endsWith('_DATABASE_URL') ? 'postgres://role:secret@postgres:5432/tollgate' : 'x'.repeat(40))
  );
}
