import {
  area,
  at,
  bands,
  chance,
  circle,
  drawing,
  gull,
  house,
  INK,
  oval,
  rect,
  shape,
  stroke,
  swell,
  times,
} from './shapes.ts';

const stall = (x: number, stripe: string, goods: readonly string[]): string => {
  const awning = times(6, (i) =>
    area(`M ${x + i * 66} 390 h 66 v 96 a 33 30 0 0 1 -66 0 Z`, i % 2 ? INK.cream : stripe),
  );
  const crates = times(3, (c) => {
    const left = x + 12 + c * 128;
    const fruit = times(12, (i) =>
      circle(left + 14 + (i % 6) * 18, 652 - Math.floor(i / 6) * 16, 12, goods[c] ?? INK.coral),
    );
    return `${fruit}${rect(left, 652, 116, 56, '#a87b4f', 4)}${rect(left, 672, 116, 6, '#8d6540')}`;
  });
  return (
    rect(x + 8, 440, 12, 380, INK.slate) +
    rect(x + 376, 440, 12, 380, INK.slate) +
    crates +
    rect(x, 706, 396, 114, stripe, 6) +
    awning
  );
};

export const market = (): string =>
  drawing(
    bands([0, INK.aqua], [300, INK.mist]),
    times(8, (i) =>
      house(
        -20 + i * 206,
        560,
        190,
        200 + chance(i) * 120,
        [INK.peach, INK.cream, INK.sand, INK.mist][i % 4] ?? INK.cream,
        INK.slate,
        INK.teal,
      ),
    ),
    bands([560, INK.sand], [790, '#e3c88f']),
    stroke('M 0 120 Q 400 240 800 130 T 1600 120', INK.slate, 4),
    times(16, (i) => {
      const x = 40 + i * 100;
      const y = 128 + Math.sin((x / 800) * Math.PI) * 55;
      return shape(
        [
          [x, y],
          [x + 46, y],
          [x + 23, y + 54],
        ],
        [INK.coral, INK.mustard, INK.teal][i % 3] ?? INK.coral,
      );
    }),
    stall(90, INK.brick, [INK.mustard, INK.leaf, INK.coral]),
    stall(602, INK.teal, [INK.coral, INK.sand, INK.wine]),
    stall(1114, INK.pine, [INK.leaf, INK.mustard, INK.peach]),
  );

export const swingBridge = (): string =>
  drawing(
    bands([0, INK.peach], [220, INK.sand], [420, INK.cream]),
    circle(1240, 220, 90, INK.mustard),
    times(6, (i) =>
      house(
        -30 + i * 120,
        600,
        112,
        120 + chance(i + 4) * 120,
        [INK.brick, INK.coral, INK.wine, INK.slate][i % 4] ?? INK.brick,
        INK.night,
        INK.sand,
      ),
    ),
    times(6, (i) =>
      house(
        1010 + i * 116,
        600,
        108,
        110 + chance(i + 14) * 130,
        [INK.slate, INK.brick, INK.coral, INK.wine][i % 4] ?? INK.brick,
        INK.night,
        INK.sand,
      ),
    ),
    bands([600, INK.teal]),
    rect(0, 560, 300, 90, INK.stone),
    rect(1300, 560, 300, 90, INK.stone),
    shape(
      [
        [770, 640],
        [790, 820],
        [890, 820],
        [910, 640],
      ],
      INK.slate,
    ),
    rect(744, 610, 192, 36, INK.coal, 6),
    stroke('M 190 572 Q 830 -140 1470 572', INK.pine, 44),
    times(12, (i) => {
      const along = (i + 1) / 13;
      const x = 190 + along * 1280;
      return stroke(`M ${x} 572 V ${572 - 1424 * along * (1 - along)}`, INK.pine, 10);
    }),
    rect(160, 560, 1340, 54, INK.pine),
    rect(160, 566, 1340, 8, INK.leaf),
    at(
      560,
      520,
      rect(0, -40, 150, 76, INK.coral, 12) +
        rect(14, -28, 50, 30, INK.aqua, 4) +
        rect(76, -28, 50, 30, INK.aqua, 4) +
        circle(34, 38, 16, INK.coal) +
        circle(116, 38, 16, INK.coal),
    ),
    swell(710, 12, 280, INK.sea, 10),
    swell(800, 14, 340, INK.navy, -30),
    gull(500, 140, 1, INK.slate),
    gull(420, 180, 0.7, INK.slate),
  );

export const iceCreamCart = (): string =>
  drawing(
    bands([0, INK.mist], [380, INK.aqua], [480, INK.teal], [600, INK.sand]),
    circle(280, 170, 96, INK.mustard),
    swell(500, 8, 240, INK.sea),
    bands([600, INK.sand], [780, '#e3c88f']),
    stroke('M 0 560 H 1600 M 120 560 V 640 M 400 560 V 640 M 1240 560 V 640 M 1500 560 V 640', INK.slate, 10),
    rect(470, 440, 560, 290, INK.cream, 18),
    rect(470, 560, 560, 60, INK.coral),
    times(7, (i) => rect(494 + i * 76, 640, 50, 66, i % 2 ? INK.aqua : INK.peach, 8)),
    rect(540, 190, 14, 260, INK.slate),
    rect(946, 190, 14, 260, INK.slate),
    times(7, (i) =>
      area(`M ${456 + i * 84} 170 h 84 v 76 a 42 34 0 0 1 -84 0 Z`, i % 2 ? INK.cream : INK.coral),
    ),
    rect(456, 150, 588, 28, INK.brick, 8),
    circle(590, 760, 74, INK.coal),
    circle(590, 760, 50, INK.sand),
    circle(910, 760, 74, INK.coal),
    circle(910, 760, 50, INK.sand),
    stroke('M 1030 540 H 1150', INK.slate, 16),
    times(3, (i) =>
      at(
        640 + i * 110,
        452,
        shape(
          [
            [-32, -40],
            [32, -40],
            [0, 50],
          ],
          '#c98f54',
        ) +
          circle(0, -58, 40, [INK.peach, INK.cream, INK.leaf][i] ?? INK.cream) +
          circle(0, -100, 12, INK.brick),
      ),
    ),
    gull(1220, 210, 1.2, INK.slate),
    gull(1340, 260, 0.8, INK.slate),
    at(
      1320,
      540,
      oval(0, -24, 46, 28, INK.cream) +
        circle(40, -54, 20, INK.cream) +
        shape(
          [
            [56, -56],
            [84, -48],
            [56, -44],
          ],
          INK.mustard,
        ) +
        shape(
          [
            [-30, -30],
            [-84, -16],
            [-26, -8],
          ],
          INK.slate,
        ) +
        circle(46, -58, 4, INK.coal),
    ),
  );
