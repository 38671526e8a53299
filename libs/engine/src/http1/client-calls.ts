import { engineErrors } from '../engine.errors.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { ExchangeClient, Upgrade } from '../exchange/exchange-client.ts';
import type { CallState } from '../execute/call-state.ts';
import type { Socket } from '../sockets/socket.ts';
import { Admission, type ConnectionFacts, isNoise, type Noise } from './admission.ts';
import { type AnsweredClient, AnswerWriter } from './answer-writer.ts';
import { ArrivingBody } from './arriving-body.ts';
import type { ConnectionLife } from './connection-life.ts';
import { ForwardedFields } from './forwarded-fields.ts';
import { HeaderBlock } from './header-block.ts';
import { answerNoise } from './refuse-request.ts';
import type { RequestBody } from './request-body.ts';
import type { HttpServices } from './services.ts';
import { isWebSocket, WebSocketUpgrade } from './web-socket-upgrade.ts';

/** What the calls of a connection depend on. */
export interface ClientCallsOptions {
  readonly services: HttpServices;
  readonly facts: ConnectionFacts;
  readonly life: ConnectionLife;
  /** Works on what was kept, now that it can be used. */
  readonly connection: { goOn(): void };
}

/** What the request line of a call says. */
interface Requested {
  readonly method: string;
  readonly target: string;
}

/** The calls of a connection, one after the other: each from the head that was read to what comes behind its answer. */
export class ClientCalls implements ExchangeClient, AnsweredClient {
  body: RequestBody | null = null;
  minorVersion = 1;
  awaitsContinue = false;
  upgrade: Upgrade | null = null;
  /** The header section that came last. */
  block: HeaderBlock;
  readonly forwarded: ForwardedFields;
  readonly exchange: Exchange;
  /** The request asks for the connection to be kept. */
  #wantsToKeep = true;
  readonly #socket: Socket;
  readonly #services: HttpServices;
  readonly #life: ConnectionLife;
  readonly #connection: ClientCallsOptions['connection'];
  readonly #admission: Admission;
  readonly #arriving: ArrivingBody;
  readonly #answer: AnswerWriter;

  constructor(socket: Socket, { services, facts, life, connection }: ClientCallsOptions) {
    this.block = new HeaderBlock(services.texts);
    this.forwarded = new ForwardedFields(facts);
    this.#socket = socket;
    this.#services = services;
    this.#life = life;
    this.#connection = connection;
    this.#admission = new Admission(services, facts);
    this.#arriving = new ArrivingBody(life, connection);
    this.#answer = new AnswerWriter(services, this);
    this.exchange = new Exchange(services, this, this.#answer);
  }

  get takesInterim(): boolean {
    return this.minorVersion > 0;
  }

  get mayKeep(): boolean {
    return this.#wantsToKeep && !this.#life.isDraining && !this.#life.isPeerDone;
  }

  write(length: number): boolean {
    return this.#life.write(length);
  }

  leaveFields(): void {
    this.block = new HeaderBlock(this.#services.texts);
  }

  /** Takes the request whose fields {@link block} holds. */
  begin(requested: Requested, minorVersion: number): void {
    const { block } = this;
    this.minorVersion = minorVersion;
    this.#wantsToKeep = minorVersion === 1 ? !block.asksToClose : block.asksToKeep && !block.asksToClose;
    this.awaitsContinue = block.expectsContinue && minorVersion === 1;
    const admitted = this.#admission.admit(requested, block);
    if (isNoise(admitted)) this.#answerNoise(admitted, requested.method);
    else this.#startCall(admitted);
  }

  exchangeEnded(end: 'keep' | 'close' | 'cut'): void {
    const life = this.#life;
    if (life.phase === 'closed') return;
    if (end === 'cut') life.reset();
    else if (end === 'close' || life.isPeerDone) life.closeAfterAnswer(this.body === null || this.body.isComplete);
    else this.#continue();
  }

  /** Drops what has arrived of a body that nobody wants. */
  discardBody(): void {
    const { body } = this;
    if (body === null) return;
    body.moveTo(this.#services.scratch.bytes, 0);
    if (body.fault !== null) this.#life.linger();
    else if (body.isComplete) this.#awaitHead();
  }

  #startCall(call: CallState): void {
    const { program, method } = call;
    const { limits, directory } = this.#services;
    const { block } = this;
    const life = this.#life;
    this.body = this.#arriving.expect(block, program.settings.bodyLimitBytes ?? limits.bodyLimitBytes);
    if (this.body === null || this.body.isComplete) life.awaitAnswer();
    else life.enter('body', 'bodyStallMs');
    const { upgrade } = block;
    this.upgrade =
      this.minorVersion === 1 && method === 'GET' && isWebSocket(upgrade) ? this.#upgradeTo(upgrade) : null;
    this.exchange.begin(call, directory.isAccessStale(program) ? call.reject(engineErrors.accessStale) : undefined);
  }

  #upgradeTo(protocol: string): Upgrade {
    const { scratch } = this.#services;
    return new WebSocketUpgrade(protocol, { socket: this.#socket, scratch, answer: this.#answer, life: this.#life });
  }

  #answerNoise(noise: Noise, method: string): void {
    const { expectsContinue } = this.block;
    this.body = this.#arriving.expect(this.block, this.#services.limits.drainLimitBytes);
    this.#life.phase = 'answer';
    const keeps = answerNoise(this.#services, this, { noise, method, expectsContinue });
    this.exchangeEnded(keeps ? 'keep' : 'close');
  }

  /** The answer is out, and the next request may come. */
  #continue(): void {
    if (this.body === null || this.body.isComplete) this.#awaitHead();
    else this.#life.discard();
    this.#connection.goOn();
  }

  #awaitHead(): void {
    this.body = null;
    this.#life.awaitHead();
  }
}
