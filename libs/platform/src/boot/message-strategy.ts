import { Inject, Injectable, Optional } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { MESSAGE_STRATEGY } from '../tokens.ts';

/** The strategy that runs a service's event handlers; absent in a service without any. */
@Injectable()
export class MessageStrategy {
  constructor(@Optional() @Inject(MESSAGE_STRATEGY) readonly strategy: CustomTransportStrategy | undefined) {}
}
