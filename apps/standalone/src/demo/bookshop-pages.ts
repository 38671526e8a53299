/** What the demo tenant tells of its product, as its admins would write it. */
export const siteDescription =
  'Browse the shelves of a small bookshop by program: sign up, pick a plan, call within a minute.';

export const overview = `The Bookshop API answers two questions: **which books are there**, and **what does one cost**.

| call | answers |
| --- | --- |
| \`GET /books\` | all books |
| \`GET /books/{bookId}\` | one book |

Answers are JSON. Every call needs a key of a subscription, sent as the header \`apikey\`. The *Reference* lists all fields, and the guides
show a first call and what to do when a call is refused.
`;

/** @param url where callers reach the shop through the gateway. */
export function guides(url: string) {
  return [
    {
      slug: 'first-call',
      title: 'Your first call',
      markdown: `1. **Sign up** on this site and confirm your mail address.
2. **Create an application**: a name for the program that will call.
3. **Subscribe** it to a plan. *Standard* works at once; *Business* waits until the shop agrees.
4. **Create a key** of the subscription and copy it. It is shown once.

Then call:

\`\`\`sh
curl -H "apikey: $KEY" ${url}/books
\`\`\`

The answer is a list:

\`\`\`json
{ "books": [{ "id": "3", "title": "The Dispossessed", "author": "Ursula K. Le Guin", "price": 13 }] }
\`\`\`

Take an \`id\` from it and ask for that book alone:

\`\`\`js
const response = await fetch('${url}/books/3', { headers: { apikey: process.env.KEY } });
const book = await response.json();
\`\`\`
`,
    },
    {
      slug: 'limits-and-errors',
      title: 'Limits and errors',
      markdown: `What a call is answered when it is not \`200\`:

| status | why | what helps |
| --- | --- | --- |
| 401 | no key, or an unknown one | send the header \`apikey\` |
| 403 | the subscription is not approved or suspended, or the key is another product's | see *My applications* |
| 404 | there is no such book, or no such path | check the path |
| 429 | more calls than the plan allows in this minute or month | wait as many seconds as \`Retry-After\` says |

Errors of the gateway are problem documents (RFC 9457). Calls that are refused cost nothing.

## Keys that leak

Rotate the key: the new one works at once, and the old one goes on for as long as you choose, so that your program can change over. Or revoke
it: it is refused within a second.
`,
    },
  ];
}
