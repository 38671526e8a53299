import '@tollgate/contracts/rest/analytics';
import '@tollgate/contracts/rest/console';
import '@tollgate/contracts/rest/gateway';
import '@tollgate/contracts/rest/iam';
import '@tollgate/contracts/rest/policy';
import '@tollgate/contracts/rest/portal';
import { commonErrors, type ErrorDefinition } from '@tollgate/contracts/errors';
import { languages } from '@tollgate/contracts/languages';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { describe, expect, it } from 'vitest';
import { readText } from './repository.ts';

type Texts = { readonly [key: string]: string | Texts | undefined };

const textsOf = (project: string, language: string): Texts =>
  JSON.parse(readText(`${project}/src/locales/${language}.json`)) as Texts;
const within = (texts: Texts, key: string): Texts => (typeof texts[key] === 'object' ? texts[key] : {});

const common: readonly ErrorDefinition[] = Object.values(commonErrors);
const commonCodes = new Set(common.map(({ code }) => code));
const endpoints = endpointCatalogue().filter(({ path }) => !path.startsWith('/internal/'));
const isOfPortal = (path: string): boolean => path.startsWith('/api/v1/portal/');

describe.each([
  ['apps/console', endpoints.filter(({ path }) => !isOfPortal(path))],
  ['apps/portal', endpoints.filter(({ path }) => isOfPortal(path))],
] as const)('what %s says when it is refused', (app, asked) => {
  const refusals = new Map(
    [...common, ...asked.flatMap(({ errors }) => errors)].map((error) => [error.code, error] as const),
  );

  it.each(languages)('is a sentence of its own for every code, in %s', (language) => {
    const ui = within(textsOf('libs/ui', language), 'ui');
    const own = { ...within(ui, 'problems'), ...within(textsOf(app, language), 'problems') };
    const ofStatus = within(ui, 'problem');
    const missing = [...refusals.values()].filter(
      ({ code, status }) =>
        own[code.replaceAll('.', '_')] === undefined &&
        // What the common codes mean is what their status means; others of that status mean something else.
        !(commonCodes.has(code) && ofStatus[status] !== undefined),
    );
    expect(missing.map(({ code }) => code)).toEqual([]);
  });
});
