import { AsyncLocalStorage } from 'node:async_hooks';
import { type Language, sourceLanguage, type Translation } from '@tollgate/contracts/languages';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { languageOf } from './language-of-request.ts';

const spoken = new AsyncLocalStorage<Language>();

/** What zod says of a value that a schema refuses, in each language; its own texts. */
const zodTexts: Readonly<Record<Translation, z.core.$ZodErrorMap>> = { 'zh-CN': z.locales.zhCN().localeError };
const zodEnglish = z.locales.en().localeError;

/** The language of the request in whose course this runs; English outside of requests. */
export function spokenLanguage(): Language {
  return spoken.getStore() ?? sourceLanguage;
}

/**
 * Lets everything that a request causes know its language. It begins after the body was read, whose events belong to the connection and
 * not to the request.
 */
export function speakLanguages(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => spoken.run(languageOf(request), done));
}

/** Makes zod’s own messages those of the request’s language. For the whole process: what runs outside of requests stays English. */
export function teachZod(): void {
  z.config({
    localeError: (issue) => {
      const language = spokenLanguage();
      return (language === sourceLanguage ? zodEnglish : zodTexts[language])(issue);
    },
  });
}
