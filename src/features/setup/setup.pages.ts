import type { Page } from '../../http/pages.ts';
import { escapeHtml } from '../../schema/projections/escape-html.ts';
import { SETUP_SCRIPT } from './setup.script.ts';
import type { SetupService } from './setup.service.ts';
import { SETUP_STYLE } from './setup.style.ts';

const PATH = '/admin/setup';

/** The page behind the printed link, with its two files. The token stands after `#`, so that no server ever logs it. */
export const setupPages = (setup: SetupService, siteName: string): readonly Page[] => [
  { path: PATH, type: 'text/html', body: async () => page(siteName, (await setup.isDone()) ? DONE : FORM) },
  { path: `${PATH}/setup.css`, type: 'text/css', body: () => SETUP_STYLE },
  { path: `${PATH}/setup.js`, type: 'text/javascript', body: () => SETUP_SCRIPT },
];

const page = (siteName: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Set up ${escapeHtml(siteName)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PATH}/setup.css">
<script src="${PATH}/setup.js" defer></script>
</head>
<body>
<header><p class="kicker">Copydesk</p><p class="paper">${escapeHtml(siteName)}</p></header>
<main>${main}</main>
</body>
</html>
`;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly attributes: string;
}

const FIELDS: readonly Field[] = [
  {
    name: 'name',
    label: 'Your name',
    hint: 'As colleagues know you.',
    attributes: 'type="text" autocomplete="name" maxlength="120"',
  },
  {
    name: 'email',
    label: 'E-mail address',
    hint: 'You sign in with it.',
    attributes: 'type="email" autocomplete="username" maxlength="254" spellcheck="false"',
  },
  {
    name: 'password',
    label: 'Password',
    hint: 'At least 15 characters: a sentence does well.',
    attributes: 'type="password" autocomplete="new-password" maxlength="1024"',
  },
];

const field = ({ name, label, hint, attributes }: Field): string => `
<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" ${attributes} required aria-describedby="${name}-fault ${name}-hint">
<p class="fault" id="${name}-fault"></p>
<p class="hint" id="${name}-hint">${hint}</p>
</div>`;

const FORM = `
<section id="start">
<h1>The first admin</h1>
<p>Nobody can sign in yet. Make your account: as an admin you add the rest of the newsroom. This works once.</p>
<p class="notice" id="notice" role="alert" hidden></p>
<form id="form" method="post" novalidate>${FIELDS.map(field).join('')}
<label class="show"><input type="checkbox" id="show"> Show the password</label>
<button type="submit">Make the account</button>
</form>
<noscript><p class="notice">This page needs JavaScript: the secret in its address must not be sent as part of one.</p></noscript>
</section>
<section id="success" hidden tabindex="-1">
<h1>The desk is open</h1>
<p><strong id="who"></strong> is the first admin. Sign in over the API to get an access token:</p>
<pre tabindex="0"><code id="example"></code></pre>
<p>Send it as <code>Authorization: Bearer …</code> with every request to <code>/editorial/v1</code>.
All of them are in the <a href="/docs">API reference</a>.</p>
</section>`;

const DONE = `
<section>
<h1>Set up already</h1>
<p>There is an admin, so this link has done its work. If you have no account, an admin can make one for you.</p>
<p>How to sign in and what to ask for is in the <a href="/docs">API reference</a>.</p>
</section>`;
