{{- define "tollgate.fullname" -}}
{{- if contains "tollgate" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tollgate" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels that select the pods of one app: dict "root" $ "app" "iam". */}}
{{- define "tollgate.selector" -}}
app.kubernetes.io/name: tollgate
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .app }}
{{- end }}

{{- define "tollgate.labels" -}}
{{ include "tollgate.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Metadata of an object of one app: dict "root" $ "app" "iam", and "suffix" where an app has several of a kind. */}}
{{- define "tollgate.metadata" -}}
name: {{ include "tollgate.fullname" .root }}-{{ .app }}{{ with .suffix }}-{{ . }}{{ end }}
labels: {{- include "tollgate.labels" . | nindent 2 }}
{{- end }}

{{- define "tollgate.image" -}}
{{ .root.Values.image.repository }}/{{ .app }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* The settings of one service: its own over the defaults. */}}
{{- define "tollgate.settings" -}}
{{- $own := index .root.Values.services .app | default dict -}}
{{ mergeOverwrite (deepCopy .root.Values.serviceDefaults) (deepCopy $own) | toYaml }}
{{- end }}

{{/* No user and no password: a service puts its own role's there. */}}
{{- define "tollgate.databaseUrl" -}}
{{- with .Values.database -}}
postgres://{{ .host }}:{{ .port }}/{{ .name }}{{ with .parameters }}?{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* Variables of the event bus, for the ConfigMap and for the migrate step, which runs before it exists. */}}
{{- define "tollgate.busVariables" -}}
KAFKA_BROKERS: {{ join "," .Values.kafka.brokers | quote }}
KAFKA_SSL: {{ .Values.kafka.ssl | quote }}
KAFKA_SASL_MECHANISM: {{ .Values.kafka.saslMechanism | quote }}
{{- end }}

{{/* One variable from a Secret: dict "secret" "key" "optional". */}}
{{- define "tollgate.secretVariable" -}}
- name: {{ .key }}
  valueFrom:
    secretKeyRef: { name: {{ .secret }}, key: {{ .key }}, optional: {{ .optional }} }
{{- end }}

{{/* What every process that talks to the stores reads from the Secret. */}}
{{- define "tollgate.commonSecrets" -}}
{{- $secret := .Values.existingSecret -}}
{{ include "tollgate.secretVariable" (dict "secret" $secret "key" "TOLLGATE_MASTER_KEY" "optional" false) }}
{{ include "tollgate.secretVariable" (dict "secret" $secret "key" "REDIS_URL" "optional" false) }}
{{- if .Values.kafka.saslMechanism }}
{{ include "tollgate.secretVariable" (dict "secret" $secret "key" "KAFKA_SASL_USERNAME" "optional" false) }}
{{ include "tollgate.secretVariable" (dict "secret" $secret "key" "KAFKA_SASL_PASSWORD" "optional" false) }}
{{- end }}
{{- end }}

{{- define "tollgate.podSecurity" -}}
serviceAccountName: {{ include "tollgate.fullname" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "tollgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Probes of a port that serves /healthz and /readyz. */}}
{{- define "tollgate.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: {{ . }} }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* Pods of one app prefer different nodes. */}}
{{- define "tollgate.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "tollgate.selector" . | nindent 8 }}
{{- end }}

{{/* Scales one workload by CPU: dict "root" "app" "kind" "settings". */}}
{{- define "tollgate.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{- include "tollgate.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: {{ .kind }}
    name: {{ include "tollgate.fullname" .root }}-{{ .app }}
  minReplicas: {{ .settings.replicas }}
  maxReplicas: {{ .settings.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .settings.autoscaling.targetCpuPercent }} }
{{- end }}

{{- define "tollgate.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "tollgate.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "tollgate.selector" . | nindent 6 }}
{{- end }}
