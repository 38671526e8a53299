import { routeSchema, serviceSchema } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { ChangedResources } from './changed-resources.ts';
import { Dependants } from './dependants.ts';

const route = (references: Record<string, string>) => routeSchema.parse({ uri: '/', ...references });

function changed(kind: 'upstream' | 'plugin_config' | 'service' | 'route', id: string): ChangedResources {
  const changes = new ChangedResources();
  changes.add(kind, id);
  return changes;
}

function touchedBy(dependants: Dependants, ...change: Parameters<typeof changed>) {
  const { services, routes } = dependants.touchedBy(changed(...change));
  return { services: [...services], routes: [...routes] };
}

describe('a change', () => {
  const dependants = new Dependants();
  const through = route({ service_id: 's1' });
  const direct = route({ upstream_id: 'u1', plugin_config_id: 't1' });
  const service = serviceSchema.parse({ upstream_id: 'u1' });
  dependants.update({ kind: 'service', id: 's1' }, { before: undefined, after: service });
  dependants.update({ kind: 'route', id: 'through' }, { before: undefined, after: through });
  dependants.update({ kind: 'route', id: 'direct' }, { before: undefined, after: direct });

  it('leads to all that refer to what has changed, directly or not', () => {
    expect(touchedBy(dependants, 'upstream', 'u1')).toEqual({ services: ['s1'], routes: ['direct', 'through'] });
    expect(touchedBy(dependants, 'service', 's1')).toEqual({ services: ['s1'], routes: ['through'] });
    expect(touchedBy(dependants, 'plugin_config', 't1')).toEqual({ services: [], routes: ['direct'] });
    expect(touchedBy(dependants, 'route', 'direct')).toEqual({ services: [], routes: ['direct'] });
  });

  it('leads no more to what has turned to something else, or is gone', () => {
    const turned = route({ upstream_id: 'u2' });
    dependants.update({ kind: 'route', id: 'direct' }, { before: direct, after: turned });
    dependants.update({ kind: 'route', id: 'through' }, { before: through, after: undefined });
    expect(touchedBy(dependants, 'upstream', 'u1')).toEqual({ services: ['s1'], routes: [] });
    expect(touchedBy(dependants, 'plugin_config', 't1')).toEqual({ services: [], routes: [] });
    expect(touchedBy(dependants, 'upstream', 'u2')).toEqual({ services: [], routes: ['direct'] });
  });
});
