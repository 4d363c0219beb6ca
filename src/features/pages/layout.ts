import { escapeHtml } from '../../schema/projections/escape-html.ts';

/** Where the files stand that all pages share. */
export const FILES = '/admin/pages';

/** A small page of ours at `/admin/<name>`: until the editors' web app takes its address over. */
export interface AdminPage {
  readonly name: string;
  readonly title: string;
  /** What stands in `<main>`: steps, of which one is shown. Trusted HTML. */
  readonly main: () => string | Promise<string>;
  /** An ES module, as it runs in the browser. It imports what it shares with others from `./kit.js`. */
  readonly script: string;
}

/** The whole document. A secret in its address stands after `#`, so that no server ever logs it. */
export const layout = (siteName: string, { name, title }: AdminPage, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · ${escapeHtml(siteName)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${FILES}/pages.css">
<script type="module" src="${FILES}/${name}.js"></script>
</head>
<body>
<header><p class="kicker">Copydesk</p><p class="paper">${escapeHtml(siteName)}</p></header>
<main>
<noscript><p class="notice">This page needs JavaScript: the secret in its address must not be sent as part of one.</p></noscript>
${main}
</main>
</body>
</html>
`;
