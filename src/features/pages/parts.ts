/** One thing to fill in. `name` is the member of the request's body, so that a problem's pointer finds its field. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly attributes: string;
}

/** One state of a page. A script shows one at a time and moves the focus there. */
export const step = (id: string, heading: string, body: string, hidden: 'hidden' | '' = ''): string =>
  `<section id="${id}" aria-labelledby="${id}-heading" tabindex="-1" ${hidden}>
<h1 id="${id}-heading">${heading}</h1>
${body}
</section>`;

const field = ({ name, label, hint, attributes }: Field): string => `<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" ${attributes} aria-describedby="${name}-fault${hint ? ` ${name}-hint` : ''}">
<p class="fault" id="${name}-fault"></p>${hint ? `\n<p class="hint" id="${name}-hint">${hint}</p>` : ''}
</div>`;

const showing = (name: string): string =>
  `<label class="show"><input type="checkbox" data-shows="${name}"> Show the password</label>`;

/** A form that only its script can send. With a password in it, the password can be looked at. */
export function form(id: string, fields: readonly Field[], submit: string): string {
  const secret = fields.find(({ attributes }) => attributes.includes('type="password"'));
  return `<form id="${id}" method="post" novalidate>
<p class="notice" role="alert" hidden></p>
${fields.map(field).join('\n')}
${secret ? showing(secret.name) : ''}
<button type="submit">${submit}</button>
</form>`;
}

export const NAME: Field = {
  name: 'name',
  label: 'Your name',
  hint: 'As colleagues know you.',
  attributes: 'type="text" autocomplete="name" maxlength="120" required',
};

export const EMAIL: Field = {
  name: 'email',
  label: 'E-mail address',
  attributes: 'type="email" autocomplete="username" maxlength="254" spellcheck="false" required',
};

export const NEW_PASSWORD: Field = {
  name: 'password',
  label: 'Password',
  hint: 'At least 15 characters: a sentence does well.',
  attributes: 'type="password" autocomplete="new-password" maxlength="1024" required',
};

/** How to go on over the API; the kit's `showExample` fills it in. */
export const EXAMPLE = `<pre tabindex="0"><code id="example"></code></pre>
<p>Send it as <code>Authorization: Bearer …</code> with every request to <code>/editorial/v1</code>.
All of them are in the <a href="/docs">API reference</a>.</p>`;
