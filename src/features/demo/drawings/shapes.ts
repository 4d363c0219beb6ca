/** The frame of every drawing, in pixels. */
export const WIDTH = 1600;
export const HEIGHT = 900;

/** One palette for all drawings, so that they look like the work of one hand. */
export const INK = {
  night: '#12263f',
  navy: '#1b3a5c',
  sea: '#256a86',
  teal: '#3a93a0',
  aqua: '#a9d8d3',
  mist: '#dcecea',
  cream: '#fbf3e0',
  sand: '#f0d9ac',
  mustard: '#e9b44c',
  peach: '#f5b78f',
  coral: '#e57453',
  brick: '#b4483c',
  wine: '#7a2e3a',
  leaf: '#6ba368',
  pine: '#2f6450',
  stone: '#b9b4a7',
  slate: '#5d6b78',
  coal: '#1d2430',
} as const;

type Point = readonly [x: number, y: number];

export const rect = (x: number, y: number, width: number, height: number, fill: string, radius = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`;

export const circle = (x: number, y: number, r: number, fill: string, opacity = 1): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" opacity="${opacity}"/>`;

export const oval = (x: number, y: number, rx: number, ry: number, fill: string, opacity = 1): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" opacity="${opacity}"/>`;

export const shape = (points: readonly Point[], fill: string, opacity = 1): string =>
  `<polygon points="${points.map((point) => point.join(',')).join(' ')}" fill="${fill}" opacity="${opacity}"/>`;

export const area = (d: string, fill: string, opacity = 1): string =>
  `<path d="${d}" fill="${fill}" opacity="${opacity}"/>`;

export const stroke = (d: string, colour: string, width: number, opacity = 1): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" opacity="${opacity}"/>`;

export const at = (x: number, y: number, parts: string, scale = 1): string =>
  `<g transform="translate(${x} ${y}) scale(${scale})">${parts}</g>`;

export const turned = (degrees: number, x: number, y: number, parts: string): string =>
  `<g transform="rotate(${degrees} ${x} ${y})">${parts}</g>`;

/** `count` parts, each drawn from its index. */
export const times = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('');

/** A number from 0 to 1 that looks random and is always the same for the same seed. */
export const chance = (seed: number): number => {
  const value = Math.sin(seed * 127.1 + 11.7) * 43_758.5453;
  return value - Math.floor(value);
};

/** Bands from top to bottom, each to the height where the next begins. */
export const bands = (...list: readonly (readonly [top: number, fill: string])[]): string =>
  list.map(([top, fill]) => rect(0, top, WIDTH, HEIGHT - top, fill)).join('');

/** A strip of sea from `top` down whose upper edge swells. */
export function swell(top: number, height: number, length: number, fill: string, shift = 0): string {
  const crests = Math.ceil(WIDTH / length) + 2;
  const edge = times(crests, () => ` q ${length / 4} ${-height} ${length / 2} 0 t ${length / 2} 0`);
  return area(`M ${-length + shift} ${top}${edge} V ${HEIGHT} H ${-length} Z`, fill);
}

export const cloud = (x: number, y: number, scale: number, fill: string): string =>
  at(x, y, oval(0, 0, 90, 26, fill) + oval(-34, -18, 44, 30, fill) + oval(24, -26, 52, 38, fill), scale);

export const gull = (x: number, y: number, scale: number, colour: string): string =>
  at(x, y, stroke('M -40 -12 Q -18 -26 0 0 Q 18 -26 40 -12', colour, 7), scale);

/** A house with a gable, `width` wide, standing on `ground`. */
export function house(
  x: number,
  ground: number,
  width: number,
  height: number,
  wall: string,
  roof: string,
  lit: string,
): string {
  const eaves = ground - height;
  const gable = width * 0.42;
  const panes = times(Math.max(1, Math.floor(height / 70)), (row) =>
    times(2, (column) =>
      rect(x + width * (0.2 + column * 0.38), eaves + 26 + row * 66, width * 0.2, 36, lit, 2),
    ),
  );
  return (
    rect(x, eaves, width, height, wall) +
    shape(
      [
        [x - 8, eaves],
        [x + width / 2, eaves - gable],
        [x + width + 8, eaves],
      ],
      roof,
    ) +
    panes
  );
}

/** A whole drawing as an SVG document. */
export const drawing = (...parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts.join('')}</svg>`;
