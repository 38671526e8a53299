import type { GatewayGroup } from '../../gateways/group-health.ts';

/** The settings as the form holds them: what is off has values to begin with. */
export interface GroupSettingsForm {
  errorFormat: GatewayGroup['errorFormat'];
  quotaWhenCutOff: GatewayGroup['quotaWhenCutOff'];
  hasAccessAge: boolean;
  maxAccessAgeSeconds: number;
  slowStartSeconds: number;
  ejects: boolean;
  failures: number;
  baseSeconds: number;
  maxSeconds: number;
  /** In per cent. */
  maxShare: number;
}

/** What the server has, as the form shows it. */
export function toForm(group: GatewayGroup): GroupSettingsForm {
  const ejection = group.upstreams?.ejection;
  return {
    errorFormat: group.errorFormat,
    quotaWhenCutOff: group.quotaWhenCutOff,
    hasAccessAge: group.maxAccessAgeSeconds !== null,
    maxAccessAgeSeconds: group.maxAccessAgeSeconds ?? 3_600,
    slowStartSeconds: group.upstreams?.slowStartSeconds ?? 0,
    ejects: ejection !== undefined,
    failures: ejection?.failures ?? 5,
    baseSeconds: ejection?.baseSeconds ?? 30,
    maxSeconds: ejection?.maxSeconds ?? 300,
    maxShare: Math.round((ejection?.maxShare ?? 0.5) * 100),
  };
}

/** What the form says, as the server takes it. */
export function toSettings(form: GroupSettingsForm) {
  const slowStartSeconds = Number(form.slowStartSeconds);
  const ejection = {
    failures: Number(form.failures),
    baseSeconds: Number(form.baseSeconds),
    maxSeconds: Number(form.maxSeconds),
    maxShare: Number(form.maxShare) / 100,
  };
  const isPlain = slowStartSeconds === 0 && !form.ejects;
  return {
    errorFormat: form.errorFormat,
    quotaWhenCutOff: form.quotaWhenCutOff,
    maxAccessAgeSeconds: form.hasAccessAge ? Number(form.maxAccessAgeSeconds) : null,
    upstreams: isPlain ? null : { slowStartSeconds, ...(form.ejects ? { ejection } : {}) },
  };
}
