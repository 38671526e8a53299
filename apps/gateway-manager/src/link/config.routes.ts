import { Inject, Injectable } from '@nestjs/common';
import { configQuery, configRequest, linkBodyLimits } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError, placesOf } from '@tollgate/platform';
import { ConfigSessions } from './config-sessions.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/**
 * The config stream. `GET ?revision=&access=` is for pools of one group; `POST` carries a position, with its hash, for each of any
 * number of groups, which a query or a header has no room for.
 */
@Injectable()
export class ConfigRoutes implements LinkRoutes {
  constructor(@Inject(ConfigSessions) private readonly sessions: ConfigSessions) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'GET',
      path: 'config',
      handle: async (exchange, peer) => {
        const query = configQuery.safeParse(Object.fromEntries(exchange.query));
        if (!query.success) throw new ApiError(commonErrors.invalid, { errors: placesOf(query.error, '/query') });
        await this.sessions.open(exchange, peer, ([groupId, ...others]) =>
          groupId === undefined || others.length > 0 ? [] : [{ groupId, ...query.data }],
        );
        return undefined;
      },
    },
    {
      access: 'certificate',
      method: 'POST',
      path: 'config',
      handle: async (exchange, peer) => {
        const { value } = await readJson(exchange.request, configRequest, linkBodyLimits.config);
        await this.sessions.open(exchange, peer, () => value.groups);
        return undefined;
      },
    },
  ];
}
