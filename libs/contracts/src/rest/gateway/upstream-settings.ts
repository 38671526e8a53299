import { z } from 'zod';
import { upstreamSettingsSchema } from '../../gateway/index.ts';

const { slowStartSeconds, ejection } = upstreamSettingsSchema.shape;
const { failures, baseSeconds, maxSeconds, maxShare } = ejection.unwrap().shape;

const ejectionSettings = z
  .strictObject({
    failures: failures.meta({
      description: 'Calls that fail in a row: status 500 and above, no connection, timeout.',
    }),
    baseSeconds: baseSeconds.meta({
      description: 'How long a node is left out the first time; the n-th time of late n times as long.',
    }),
    maxSeconds: maxSeconds.meta({ description: 'The longest time that a node is left out.' }),
    maxShare: maxShare.meta({
      description: 'Share of an upstream’s nodes that may be left out at once; one always may.',
    }),
  })
  .refine((settings) => settings.maxSeconds >= settings.baseSeconds, {
    message: 'must not be less than baseSeconds',
    path: ['maxSeconds'],
  });

/** How the upstreams of a group are used beyond what APISIX does; the bounds and defaults are those of the data plane. */
export const upstreamSettings = z
  .strictObject({
    slowStartSeconds: slowStartSeconds.meta({
      description: 'Seconds in which a node that is new or healthy again comes to its share of calls; 0: at once.',
    }),
    ejection: ejectionSettings.optional().meta({
      description:
        'Leaves out nodes whose calls fail in a row, where the upstream has passive checks; left out: never.',
    }),
  })
  .nullable()
  .meta({
    description:
      'How upstreams are used beyond what Apache APISIX does. Replaced as a whole; what is left out, and null, is as the data planes have it: off.',
  });
export type UpstreamSettings = z.output<typeof upstreamSettings>;
