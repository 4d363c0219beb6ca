import { ERROR_CODES } from '../contract/problem.ts';
import { STATUS } from './errors.ts';
import { PROBLEM_HELP } from './problem-help.ts';

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Plain text with `code` in backticks, as HTML. */
const html = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
${head}
</head>
<body>
${body}
</body>
</html>
`;

const NAVIGATION = `<header class="top"><strong>Copydesk</strong>
<nav><a href="/docs">API reference</a> <a href="/docs/problems">Problems</a> <a href="/openapi.json">OpenAPI document</a></nav></header>`;

/** The API reference: Swagger UI over our own document, with nothing from elsewhere. */
export const REFERENCE_PAGE = page(
  'Copydesk API reference',
  `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/assets/docs.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/docs/assets/docs.js" defer></script>`,
  `${NAVIGATION}
<main id="reference"><p class="hint">The reference is on its way.</p><noscript><p class="hint">It needs JavaScript. Without it, read the <a href="/openapi.json">OpenAPI document</a>.</p></noscript></main>`,
);

/** Requests are tried out against the server that shows the page, under whatever name it was reached. */
export const REFERENCE_SCRIPT = `'use strict';
fetch('/openapi.json')
  .then((answer) => answer.json())
  .then((spec) => {
    SwaggerUIBundle({
      spec: { ...spec, servers: [{ url: location.origin }] },
      domNode: document.getElementById('reference'),
      deepLinking: true,
      docExpansion: 'list',
      filter: true,
      displayOperationId: false,
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
    });
  });
`;

const problem = (code: (typeof ERROR_CODES)[number]): string => {
  const [status, title] = STATUS[code];
  const { means, todo } = PROBLEM_HELP[code];
  return `<section id="${code}">
<h2><a href="#${code}"><code>${code}</code></a> <span class="status">${status}</span></h2>
<p class="title">${html(title)}</p>
<p>${html(means)}</p>
<p><b>What to do:</b> ${html(todo)}</p>
</section>`;
};

/** Every error code: status, title, what it means and what to do. The \`type\` of a problem leads here. */
export const PROBLEMS_PAGE = page(
  'Copydesk: problems',
  '<link rel="stylesheet" href="/docs/assets/docs.css">',
  `${NAVIGATION}
<main class="text">
<h1>Problems</h1>
<p>Every error is answered as <code>application/problem+json</code> (RFC 9457). Its <code>code</code> is one of these and never changes its meaning; <code>detail</code> is for people and may be worded anew; <code>requestId</code> finds the request in the log.</p>
<ul class="index">${ERROR_CODES.map((code) => `<li><a href="#${code}">${code}</a></li>`).join('\n')}</ul>
${ERROR_CODES.map(problem).join('\n')}
</main>`,
);

export const PAGE_STYLE = `:root { --ink: #1d2733; --paper: #ffffff; --quiet: #5b6875; --line: #d9dfe5; --link: #0b5cad; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
.top { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline; padding: .8rem 1.5rem; border-bottom: 1px solid var(--line); }
.top strong { font: 700 1.2rem/1.2 Georgia, serif; }
.top nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
.top a { color: var(--link); }
.text, .hint { max-width: 46rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
.text h1 { font: 700 2rem/1.2 Georgia, serif; }
.text section { border-top: 1px solid var(--line); padding: .3rem 0; scroll-margin-top: 1rem; }
.text section:target { outline: 3px solid #f0c040; outline-offset: 6px; }
.text h2 { font-size: 1.15rem; margin: .9rem 0 .2rem; }
.text h2 a { color: inherit; text-decoration: none; }
.text a { color: var(--link); }
.status { color: var(--quiet); font-weight: 400; margin-left: .4rem; }
.title { color: var(--quiet); margin: 0 0 .6rem; }
.index { columns: 12rem; padding-left: 1.2rem; }
.swagger-ui .info { margin: 1.5rem 0; }
.swagger-ui .opblock-body .responses-table .response-col_links { display: none; }
@media (max-width: 40rem) {
  .top { padding: .8rem 1rem; }
  .text, .hint { padding-inline: 1rem; }
  .text h2, .text p { overflow-wrap: anywhere; }
  .swagger-ui .wrapper, .swagger-ui .scheme-container .schemes.wrapper { padding-inline: .75rem; }
  .swagger-ui .info .title { font-size: 1.7rem; }
  .swagger-ui .scheme-container { margin: 0 0 1rem; padding: 1rem 0; }
  .swagger-ui .opblock-tag { padding-inline: 0; font-size: 1.2rem; }
  .swagger-ui .opblock .opblock-summary-method { min-width: 4.2rem; padding: .4rem .2rem; }
  .swagger-ui .opblock-body :is(table, tbody, tr, td):not(.renderedMarkdown *) { display: block; width: auto; max-width: none; }
  .swagger-ui .opblock-body thead { display: none; }
  .swagger-ui .opblock-body table tbody tr td, .swagger-ui .opblock-body table tbody tr td:first-of-type { min-width: 0; padding: .25rem 0; }
  .swagger-ui .opblock-body :is(.response, .parameters > tbody > tr) { padding-block: .6rem; border-top: 1px solid var(--line); }
  .swagger-ui :is(.responses-inner, .table-container, .opblock-description-wrapper) { padding: .75rem; }
  .swagger-ui .opblock .opblock-section-header { flex-wrap: wrap; gap: .4rem; padding: .5rem .75rem; }
  .swagger-ui .opblock-body :is(input, select, textarea) { max-width: 100%; }
  .swagger-ui .opblock-body input[type='text'] { width: 100%; }
}
`;
