import { Module } from '@nestjs/common';
import { ConfigurationModule } from '../configuration.module.ts';
import { CONFIG_FEED } from '../link/config-feed.ts';
import { SequencesModule } from '../sequences/sequences.module.ts';
import { ConfigListener } from './config-listener.ts';
import { DatabaseConfigFeed } from './database-config-feed.ts';
import { FeedRepository } from './feed.repository.ts';

/** What the link sends to data planes. */
@Module({
  imports: [ConfigurationModule, SequencesModule],
  providers: [
    ConfigListener,
    FeedRepository,
    DatabaseConfigFeed,
    { provide: CONFIG_FEED, useExisting: DatabaseConfigFeed },
  ],
  exports: [CONFIG_FEED],
})
export class FeedModule {}
