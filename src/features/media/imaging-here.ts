import type { Imaging } from './imaging.ts';

/** Pictures are opened and made in this process. The decoder is loaded by the first one: a server without has no use for it. */
export function createImagingHere(): Imaging {
  let loaded: Promise<Imaging> | undefined;
  return {
    inspect: async (...given) => (await imaging()).inspect(...given),
    render: async (...given) => (await imaging()).render(...given),
    glimpse: async (...given) => (await imaging()).glimpse(...given),
  };

  function imaging(): Promise<Imaging> {
    loaded ??= import('./imaging.ts').then(({ createImaging }) => createImaging());
    return loaded;
  }
}
