/** Why single sign-on was refused, by the code that its callback leaves behind `#error=`, in words for the person. */
const REFUSALS: Readonly<Record<string, string>> = {
  access_denied: 'The sign-in was broken off at your organisation. Try again when you are ready.',
};

/** An ES module beside the kit. A code that it does not know gets the general words; no code is ever shown itself. */
export const REFUSALS_MODULE = `const REFUSALS = new Map(${JSON.stringify(Object.entries(REFUSALS))});

export const refusalOf = (code) =>
  REFUSALS.get(code) || 'Single sign-on did not work. Try again; if it fails again, ask an admin of the newsroom.';
`;
