import {
  area,
  at,
  bands,
  chance,
  circle,
  cloud,
  drawing,
  INK,
  oval,
  rect,
  shape,
  stroke,
  swell,
  times,
} from './shapes.ts';

export const football = (): string =>
  drawing(
    bands([0, '#7fb7c9'], [150, INK.aqua], [280, INK.navy]),
    cloud(300, 110, 1.2, INK.cream),
    cloud(1260, 90, 1, INK.cream),
    times(4, (row) =>
      times(44, (i) =>
        circle(
          20 + i * 37 + (row % 2) * 18,
          306 + row * 34,
          13,
          [INK.coral, INK.mustard, INK.cream, INK.peach, INK.teal][Math.floor(chance(row * 50 + i) * 5)] ??
            INK.cream,
        ),
      ),
    ),
    bands([420, INK.cream], [446, INK.pine]),
    times(6, (i) =>
      i % 2
        ? ''
        : area(
            `M 0 ${446 + i * i * 13 + i * 10} H 1600 V ${446 + (i + 1) * (i + 1) * 13 + (i + 1) * 10} H 0 Z`,
            INK.leaf,
          ),
    ),
    stroke('M 420 446 L 210 700 H 1390 L 1180 446', INK.cream, 9),
    stroke('M 590 446 L 520 560 H 1080 L 1010 446', INK.cream, 7),
    oval(800, 652, 12, 6, INK.cream),
    times(15, (i) => stroke(`M ${570 + i * 33} 180 V 446`, INK.mist, 2, 0.8)),
    times(9, (i) => stroke(`M 560 ${196 + i * 30} H 1040`, INK.mist, 2, 0.8)),
    stroke('M 560 446 V 176 H 1040 V 446', INK.cream, 16),
    at(
      1090,
      720,
      oval(10, 108, 96, 18, INK.night, 0.3) +
        circle(0, 0, 104, INK.cream) +
        shape(
          [
            [0, -40],
            [38, -12],
            [24, 32],
            [-24, 32],
            [-38, -12],
          ],
          INK.coal,
        ) +
        shape(
          [
            [-24, -101],
            [24, -101],
            [0, -74],
          ],
          INK.coal,
        ) +
        shape(
          [
            [94, -44],
            [102, 10],
            [72, -22],
          ],
          INK.coal,
        ) +
        shape(
          [
            [-94, -44],
            [-102, 10],
            [-72, -22],
          ],
          INK.coal,
        ) +
        shape(
          [
            [50, 90],
            [80, 66],
            [46, 60],
          ],
          INK.coal,
        ) +
        shape(
          [
            [-50, 90],
            [-80, 66],
            [-46, 60],
          ],
          INK.coal,
        ) +
        stroke(
          'M 0 -40 V -74 M 38 -12 L 72 -22 M 24 32 L 46 60 M -24 32 L -46 60 M -38 -12 L -72 -22',
          INK.slate,
          5,
        ),
    ),
  );

const turbine = (x: number, y: number, scale: number, angle: number): string => {
  const blade = area('M -7 0 Q -18 -90 0 -190 Q 18 -90 7 0 Z', INK.cream);
  const blades = times(3, (i) => `<g transform="rotate(${angle + i * 120})">${blade}</g>`);
  return at(
    x,
    y,
    `${shape(
      [
        [-9, 0],
        [9, 0],
        [15, 400],
        [-15, 400],
      ],
      '#9db3bd',
    )}${rect(-24, 350, 48, 90, INK.mustard)}${blades}${circle(0, 0, 15, INK.slate)}`,
    scale,
  );
};

export const turbines = (): string =>
  drawing(
    bands([0, '#6fb3c4'], [230, INK.aqua], [420, INK.mist], [560, INK.sea]),
    circle(260, 300, 90, INK.cream),
    cloud(640, 190, 1.5, INK.cream),
    cloud(1350, 120, 1.1, INK.cream),
    turbine(420, 370, 0.5, 20),
    turbine(640, 350, 0.55, 70),
    turbine(1450, 360, 0.52, 45),
    swell(562, 8, 200, INK.sea),
    turbine(900, 270, 0.85, 10),
    turbine(1210, 300, 0.75, 95),
    swell(640, 12, 260, INK.teal, 20),
    at(
      360,
      740,
      area('M -120 60 Q -120 -90 0 -100 Q 120 -90 120 60 Z', INK.slate) +
        circle(-42, -34, 13, INK.coal) +
        circle(42, -34, 13, INK.coal) +
        circle(-38, -38, 4, INK.cream) +
        circle(46, -38, 4, INK.cream) +
        oval(0, 8, 48, 32, '#7c8a97') +
        oval(0, -6, 18, 12, INK.coal) +
        stroke('M 0 6 V 20 M -54 6 l -50 -10 M -54 16 l -50 6 M 54 6 l 50 -10 M 54 16 l 50 6', INK.coal, 4),
    ),
    swell(786, 14, 300, INK.sea, -30),
    swell(852, 12, 240, INK.navy, 30),
  );
