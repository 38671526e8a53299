import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service, ServiceAccount } from 'kubernetes-models/v1';
import type { KubernetesObject } from './helm.ts';

type Validate = (object: KubernetesObject) => void;

const validators: Record<string, Validate> = {
  'apps/v1/Deployment': (object) => new Deployment(object as never).validate(),
  'apps/v1/StatefulSet': (object) => new StatefulSet(object as never).validate(),
  'autoscaling/v2/HorizontalPodAutoscaler': (object) => new HorizontalPodAutoscaler(object as never).validate(),
  'batch/v1/Job': (object) => new Job(object as never).validate(),
  'monitoring.coreos.com/v1/PrometheusRule': (object) => new PrometheusRule(object as never).validate(),
  'monitoring.coreos.com/v1/ServiceMonitor': (object) => new ServiceMonitor(object as never).validate(),
  'networking.k8s.io/v1/Ingress': (object) => new Ingress(object as never).validate(),
  'networking.k8s.io/v1/NetworkPolicy': (object) => new NetworkPolicy(object as never).validate(),
  'policy/v1/PodDisruptionBudget': (object) => new PodDisruptionBudget(object as never).validate(),
  'v1/ConfigMap': (object) => new ConfigMap(object as never).validate(),
  'v1/Service': (object) => new Service(object as never).validate(),
  'v1/ServiceAccount': (object) => new ServiceAccount(object as never).validate(),
};

/** Validates an object by the schema of its kind. @throws Error saying what is wrong, also for a kind that is not expected. */
export function validateObject(object: KubernetesObject): void {
  const kind = `${object.apiVersion}/${object.kind}`;
  const validate = validators[kind];
  if (validate === undefined) throw new Error(`no object of kind ${kind} is expected`);
  validate(object);
}
