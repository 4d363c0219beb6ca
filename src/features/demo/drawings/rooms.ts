import {
  area,
  at,
  bands,
  chance,
  circle,
  cloud,
  drawing,
  HEIGHT,
  INK,
  oval,
  rect,
  shape,
  stroke,
  times,
  WIDTH,
} from './shapes.ts';

const SPINES = [
  INK.brick,
  INK.teal,
  INK.mustard,
  INK.pine,
  INK.coral,
  INK.navy,
  INK.peach,
  INK.wine,
  INK.leaf,
];

const shelf = (left: number, floor: number, width: number, seed: number): string => {
  const count = Math.floor(width / 34);
  const books = times(count, (i) => {
    const tall = 90 + chance(seed + i) * 50;
    return chance(seed + i * 3) < 0.1
      ? ''
      : rect(
          left + i * 34,
          floor - tall,
          28,
          tall,
          SPINES[Math.floor(chance(seed * 7 + i) * SPINES.length)] ?? INK.teal,
          3,
        ) + rect(left + i * 34 + 5, floor - tall + 18, 18, 6, INK.cream);
  });
  return books + rect(left - 16, floor, width + 30, 16, '#8a5a38');
};

export const library = (): string =>
  drawing(
    bands([0, '#6d452c']),
    times(5, (row) => shelf(40, 172 + row * 166, 480, row + 1) + shelf(1090, 172 + row * 166, 480, row + 21)),
    rect(560, 0, 480, 720, '#83553a'),
    area('M 610 640 V 250 a 190 190 0 0 1 380 0 V 640 Z', INK.aqua),
    area('M 610 640 V 520 Q 700 450 800 510 T 990 490 V 640 Z', INK.leaf),
    cloud(740, 270, 0.8, INK.cream),
    stroke('M 800 62 V 640 M 610 350 H 990 M 610 500 H 990', INK.cream, 10),
    bands([800, '#54321f']),
    rect(540, 660, 520, 28, '#b07a4a', 8),
    rect(570, 688, 24, 130, '#9a673d'),
    rect(1006, 688, 24, 130, '#9a673d'),
    area('M 660 660 q 70 -46 140 0 q 70 -46 140 0 l 0 -14 q -70 -50 -140 -6 q -70 -44 -140 6 Z', INK.cream),
    rect(980, 560, 10, 100, INK.mustard),
    area('M 940 570 q 45 -80 90 0 Z', INK.pine),
    stroke('M 210 880 L 320 40 M 290 890 L 400 50', INK.sand, 12),
    times(8, (i) => stroke(`M ${223 + i * 13.6} ${780 - i * 100} l 80 10`, INK.sand, 9)),
  );

export const theatre = (): string => {
  const folds = (from: number, to: number) =>
    times(7, (i) => {
      const x = from + ((to - from) / 7) * i;
      const width = (to - from) / 7;
      return area(`M ${x} 0 h ${width} v 660 q ${-width / 2} 40 ${-width} 0 Z`, i % 2 ? INK.brick : INK.wine);
    });
  return drawing(
    bands([0, INK.night]),
    shape(
      [
        [800, 0],
        [420, 720],
        [1180, 720],
      ],
      INK.mustard,
      0.28,
    ),
    oval(800, 716, 380, 54, INK.mustard, 0.45),
    bands([700, '#8a5a38']),
    times(9, (i) => stroke(`M ${800 + (i - 4) * 110} 700 L ${800 + (i - 4) * 260} 900`, '#6d452c', 5)),
    oval(800, 728, 340, 40, INK.mustard, 0.5),
    rect(760, 588, 14, 140, '#54321f'),
    rect(836, 588, 14, 140, '#54321f'),
    rect(744, 570, 122, 22, '#6d452c', 4),
    rect(744, 420, 16, 160, '#6d452c', 4),
    area('M 800 566 q -30 -70 20 -96 q 66 -20 70 60 q 40 20 30 90 q -10 -44 -46 -50 Z', INK.teal),
    at(
      986,
      690,
      area('M -60 24 q 60 34 120 0 L 46 -40 H -46 Z', INK.slate) +
        stroke('M -40 -40 q 40 -70 80 0', INK.stone, 7),
    ),
    folds(0, 330),
    folds(1270, WIDTH),
    times(8, (i) => area(`M ${i * 200} 0 h 200 v 110 q -100 90 -200 0 Z`, i % 2 ? INK.wine : INK.brick)),
    times(8, (i) => stroke(`M ${i * 200} 110 q 100 90 200 0`, INK.mustard, 8)),
    bands([862, INK.coal]),
    times(11, (i) => circle(60 + i * 148, 884, 46, INK.coal) + circle(60 + i * 148, 838, 27, INK.coal)),
  );
};

/** A point in the soup plate, by its angle and its distance from the middle. */
const around = (angle: number, distance: number): [x: number, y: number] => [
  Math.round(790 + Math.cos(angle) * distance),
  Math.round(440 + Math.sin(angle) * distance),
];

export const chowder = (): string =>
  drawing(
    bands([0, INK.teal]),
    times(9, (i) => rect(i * 190, 0, 95, HEIGHT, INK.sea)),
    times(5, (i) => area(`M 0 ${i * 190} H 1600 v 95 H 0 Z`, INK.cream, 0.14)),
    circle(800, 470, 360, INK.night, 0.25),
    circle(800, 450, 356, INK.cream),
    circle(800, 450, 316, INK.mist),
    circle(800, 450, 262, INK.slate),
    circle(800, 450, 244, '#f6e3b4'),
    times(9, (i) =>
      rect(...around(i * 2.4 + 0.6, 60 + (i % 3) * 58), 44, 40, i % 2 ? INK.cream : INK.mustard, 10),
    ),
    times(6, (i) =>
      at(
        ...around(i * 1.05, 150 - (i % 2) * 70),
        area('M -38 14 a 38 34 0 0 1 76 0 Z', INK.coal) + area('M -26 12 a 26 22 0 0 1 52 0 Z', INK.coral),
      ),
    ),
    times(16, (i) =>
      stroke(`M ${620 + chance(i + 31) * 350} ${290 + chance(i + 44) * 320} l 14 -12`, INK.pine, 9),
    ),
    oval(1330, 300, 150, 96, '#c98f54'),
    oval(1330, 286, 140, 84, '#dba86c'),
    stroke('M 1260 268 l 34 40 M 1316 254 l 34 52 M 1376 258 l 24 44', '#b57b42', 9),
    oval(300, 300, 52, 76, INK.stone),
    oval(300, 296, 38, 58, INK.mist),
    rect(288, 360, 24, 380, INK.stone, 12),
    circle(1330, 690, 96, INK.mist),
    circle(1330, 690, 74, INK.mustard),
    circle(1330, 690, 62, '#f3cf7d'),
    times(8, (i) =>
      stroke(
        `M 1330 690 L ${1330 + Math.sin((i * Math.PI) / 4) * 56} ${690 - Math.cos((i * Math.PI) / 4) * 56}`,
        INK.mustard,
        5,
      ),
    ),
  );
