/** How the pages look: one narrow column, light and dark, readable on a phone. */
export const STYLE = `:root {
  color-scheme: light dark;
  --paper: #f6f4ee; --sheet: #fffefb; --ink: #1b1a17; --faint: #625d52; --rule: #d8d2c4; --field: #8b8474;
  --accent: #14532d; --on-accent: #ffffff; --alarm: #a51d1d; --alarm-soft: #fbeaea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16150f; --sheet: #201f19; --ink: #f0ede4; --faint: #aca695; --rule: #3a382f; --field: #7d7868;
    --accent: #86d9a3; --on-accent: #0c2115; --alarm: #ff9d9d; --alarm-soft: #3a1f1f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: clamp(1.5rem, 7vh, 5rem) 1rem 3rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif;
}
header, main { max-width: 29rem; margin-inline: auto; }
header { padding-bottom: 1rem; text-align: center; }
.kicker { margin: 0; color: var(--faint); font-size: .8rem; font-weight: 600; letter-spacing: .14em; text-transform: uppercase; }
.paper { margin: .2rem 0 0; font: 700 1.7rem/1.2 Georgia, 'Times New Roman', serif; overflow-wrap: anywhere; }
main { padding: clamp(1.25rem, 5vw, 2.25rem); background: var(--sheet); border: 1px solid var(--rule); border-top: 4px double var(--ink); }
h1 { margin: 0 0 .5rem; font: 700 1.45rem/1.25 Georgia, 'Times New Roman', serif; }
p { margin: 0 0 1rem; }
section > p:last-child { margin-bottom: 0; }
section:focus { outline: none; }
a { color: var(--accent); }
.field { margin-bottom: 1.1rem; }
.field label { display: block; margin-bottom: .25rem; font-weight: 600; }
input:not([type='checkbox']) {
  width: 100%; padding: .6rem .7rem; border: 1px solid var(--field); border-radius: 3px;
  background: var(--paper); color: var(--ink); font: inherit;
}
input[readonly] { border-color: var(--rule); color: var(--faint); }
input[aria-invalid='true'] { border-color: var(--alarm); box-shadow: inset 3px 0 0 var(--alarm); }
.fault, .hint { margin: .25rem 0 0; font-size: .875rem; }
.fault { color: var(--alarm); font-weight: 600; }
.fault:empty, .fault:not(:empty) + .hint { display: none; }
.hint { color: var(--faint); }
.notice { padding: .7rem .9rem; border-left: 4px solid var(--alarm); background: var(--alarm-soft); overflow-wrap: anywhere; }
.show { display: flex; gap: .5rem; align-items: center; margin: -.35rem 0 1.4rem; font-size: .875rem; }
.show input { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--accent); }
button, .button {
  display: block; width: 100%; text-align: center; text-decoration: none; padding: .75rem 1rem;
  border: 1px solid transparent; border-radius: 3px; background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; cursor: pointer;
}
form + .aside, form + form, form + button, button + :is(button, .button, .aside) { margin-top: 1rem; }
.others { margin-top: 1.4rem; padding-top: 1.4rem; border-top: 1px solid var(--rule); }
:is(button, .button):hover { filter: brightness(1.12); }
button:is(:disabled, [aria-disabled='true']) { filter: none; opacity: .55; cursor: default; }
.second { border-color: var(--field); background: none; color: var(--ink); }
.aside { font-size: .875rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1.1rem; }
dt { color: var(--faint); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
@media (max-width: 24rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
:is(a, input, button, pre):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
pre { margin: 0 0 1rem; padding: .9rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--rule); background: var(--paper); font-size: .82rem; line-height: 1.5; }
code { font-family: ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace; font-size: .92em; }
`;
