import { type DynamicModule, Module } from '@nestjs/common';
import { DEVELOPER_VERIFIER } from '@tollgate/auth';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';
import { BrowserSessions } from './browser-sessions.ts';
import { SessionCache } from './session-cache.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';

/** Sessions stand alone, because authentication needs them before anything else is there. */
@Module({})
export class SessionsModule {
  static forConfig(config: DeveloperPortalConfig): DynamicModule {
    return {
      module: SessionsModule,
      providers: [
        { provide: PORTAL_CONFIG, useValue: config },
        BrowserSessions,
        SessionCache,
        SessionsRepository,
        SessionsService,
        { provide: DEVELOPER_VERIFIER, useExisting: SessionsService },
      ],
      exports: [PORTAL_CONFIG, SessionsRepository, SessionsService, DEVELOPER_VERIFIER],
    };
  }
}
