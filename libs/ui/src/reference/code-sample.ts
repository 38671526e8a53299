/** Languages in which a call is shown. */
export const sampleLanguages = ['curl', 'javascript', 'python'] as const;
export type SampleLanguage = (typeof sampleLanguages)[number];

/** A call to be written down. */
export interface SampleCall {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | undefined;
}

/** The call as a few lines of code that can be pasted and run. */
export function sampleOf(language: SampleLanguage, call: SampleCall): string {
  return { curl, javascript, python }[language](call);
}

function curl({ method, url, headers, body }: SampleCall): string {
  const isPlain = method === (body === undefined ? 'GET' : 'POST');
  const start = `curl ${isPlain ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `}${quoted(url)}`;
  return [
    start,
    ...headers.map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ');
}

/** In single quotes a shell takes everything as it is, but for the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function javascript({ method, url, headers, body }: SampleCall): string {
  const options = [
    ...(method === 'GET' ? [] : [`  method: ${JSON.stringify(method)},`]),
    ...(headers.length === 0
      ? []
      : [
          '  headers: {',
          ...headers.map(({ name, value }) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
          '  },',
        ]),
    ...(body === undefined ? [] : [`  body: ${JSON.stringify(body)},`]),
  ];
  const call =
    options.length === 0
      ? [`const response = await fetch(${JSON.stringify(url)});`]
      : [`const response = await fetch(${JSON.stringify(url)}, {`, ...options, '});'];
  return [...call, 'console.log(response.status, await response.text());'].join('\n');
}

function python({ method, url, headers, body }: SampleCall): string {
  return [
    'import requests',
    '',
    'response = requests.request(',
    `    ${JSON.stringify(method)},`,
    `    ${JSON.stringify(url)},`,
    ...(headers.length === 0
      ? []
      : [
          '    headers={',
          ...headers.map(({ name, value }) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
          '    },',
        ]),
    ...(body === undefined ? [] : [`    data=${JSON.stringify(body)}.encode(),`]),
    '    timeout=10,',
    ')',
    'print(response.status_code, response.text)',
  ].join('\n');
}
