import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Sources whose problem documents and warnings people read in a page. */
const sources = [
  'apps/{iam,gateway-manager,policy-manager,developer-portal,analytics,console-bff}/src/**/*.ts',
  'libs/{auth,contracts,egress,persistence,platform,policies}/src/**/*.ts',
  'libs/engine/src/{compile,policy,trials}/**/*.ts',
  'apps/gateway/src/configuration/group-book.ts',
  'libs/engine/src/{groups,upstream/upstream-pool,upstream/health/probe-request}.ts',
];
/** Where every error that is thrown is a refusal that people read. */
const refusing = /^libs\/(?:engine\/src\/(?:compile|upstream)|policies\/src\/(?!pages))/;
/** What is said to machines, to operators or in other tests. */
const others =
  /\.(?:int-)?spec\.ts$|\/testing\/|\/languages\/|\/dataplane\/|\.errors\.ts$|\.generated\.ts$|texts\.zh-cn\.ts$|platform\/src\/(?:config|logging|telemetry)\//;
const names = new Set(['message', 'detail']);

/** Policies call `…text` what they say when they refuse a call. */
const isMessage = (name: string, { fileName }: ts.SourceFile): boolean =>
  names.has(name) || (fileName.startsWith('libs/policies/') && /text$/i.test(name));

/** One sentence that the server can say, with `{}` where a value stands, and the file that says it. */
export type ServerSentences = ReadonlyMap<string, string>;

/**
 * Sentences in `message` and `detail` of problem documents and warnings: written there, in a variable of that name, as argument of a
 * function of the same file whose parameter has that name, as its result, as the message of a check of a zod schema, or thrown where
 * options and resources are compiled.
 */
export function serverSentences(root: string): ServerSentences {
  const found = new Map<string, string>();
  for (const path of globSync(sources, { cwd: root }).sort()) {
    if (others.test(path)) continue;
    const file = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
    for (const sentence of sentencesOf(file)) if (!found.has(sentence)) found.set(sentence, path);
  }
  return found;
}

function sentencesOf(file: ts.SourceFile): string[] {
  const functions = localFunctions(file);
  const places = messagePlaces(functions);
  const found: string[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined) found.push(...textsOf(node, functions).filter((text) => /[A-Za-z]{2}.* /.test(text)));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && isMessage(node.name.getText(), file)) take(node.initializer);
    if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && isMessage(node.name.getText(), file))
      take(node.initializer);
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText().split('.').at(-1) ?? '';
      for (const index of places.get(called) ?? []) take(node.arguments[index]);
      if (/^(?:refine|regex)$/.test(called)) take(node.arguments[1]);
    }
    if (ts.isNewExpression(node) && refusing.test(file.fileName)) node.arguments?.forEach(take);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type LocalFunctions = ReadonlyMap<string, ts.FunctionDeclaration | ts.ArrowFunction>;

function localFunctions(file: ts.SourceFile): LocalFunctions {
  const functions = new Map<string, ts.FunctionDeclaration | ts.ArrowFunction>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) functions.set(node.name.text, node);
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer))
      functions.set(node.name.getText(), node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return functions;
}

/** Functions that are given a message, with the positions of it. */
function messagePlaces(functions: LocalFunctions): Map<string, number[]> {
  return new Map(
    [...functions].map(([name, { parameters }]) => [
      name,
      parameters.flatMap((parameter, index) =>
        isMessage(parameter.name.getText(), parameter.getSourceFile()) ? [index] : [],
      ),
    ]),
  );
}

function resultsOf(node: ts.Node, found: ts.Expression[] = []): ts.Expression[] {
  if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
  ts.forEachChild(node, (inner) => void resultsOf(inner, found));
  return found;
}

/** Every text that an expression can be, values replaced by `{}`. */
function textsOf(node: ts.Node, functions: LocalFunctions): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')];
  if (ts.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((branch) => textsOf(branch, functions));
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, functions);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap((side) => textsOf(side, functions));
  if (ts.isCallExpression(node)) {
    const called = functions.get(node.expression.getText());
    return called === undefined ? [] : resultsOf(called).flatMap((result) => textsOf(result, new Map()));
  }
  return [];
}
