import { area, at, bands, circle, cloud, drawing, INK, oval, rect, shape, stroke, times } from './shapes.ts';

export const courtHouse = (): string =>
  drawing(
    bands([0, '#8fc3cf'], [360, INK.aqua], [700, INK.leaf]),
    cloud(260, 170, 1.5, INK.cream),
    cloud(1360, 130, 1.2, INK.cream),
    rect(300, 330, 1000, 400, INK.sand),
    shape(
      [
        [250, 330],
        [800, 110],
        [1350, 330],
      ],
      INK.cream,
    ),
    shape(
      [
        [340, 312],
        [800, 140],
        [1260, 312],
      ],
      INK.sand,
    ),
    stroke(
      'M 800 186 V 290 M 720 212 H 880 M 690 262 q 30 30 60 0 L 720 212 Z M 850 262 q 30 30 60 0 L 880 212 Z',
      INK.brick,
      7,
    ),
    rect(270, 326, 1060, 42, INK.cream, 4),
    times(6, (i) => {
      const x = 352 + i * 168;
      return (
        rect(x, 386, 56, 306, INK.cream) +
        rect(x - 12, 368, 80, 20, INK.mist, 4) +
        rect(x - 12, 684, 80, 20, INK.mist, 4) +
        rect(x + 38, 388, 18, 296, '#e8dcc0')
      );
    }),
    rect(744, 520, 112, 180, INK.wine, 6),
    rect(798, 520, 4, 180, INK.night),
    times(4, (i) => rect(250 - i * 40, 704 + i * 28, 1100 + i * 80, 30, i % 2 ? INK.stone : INK.mist)),
    bands([816, INK.stone]),
    at(
      1130,
      790,
      oval(0, 0, 86, 52, INK.cream) +
        area('M 40 -10 Q 96 -30 86 -150 L 122 -150 Q 136 -20 60 34 Z', INK.cream) +
        circle(108, -158, 27, INK.cream) +
        shape(
          [
            [130, -166],
            [172, -152],
            [130, -142],
          ],
          INK.coral,
        ) +
        circle(114, -164, 5, INK.coal) +
        shape(
          [
            [-74, -20],
            [-132, -50],
            [-66, 22],
          ],
          INK.cream,
        ) +
        area('M -40 -8 Q 10 -40 46 2 Q 10 36 -40 -8 Z', INK.mist) +
        stroke('M -14 48 v 34 h 22 M 22 48 v 34 h 22', INK.coral, 9),
    ),
  );

export const townHall = (): string =>
  drawing(
    bands([0, INK.teal], [240, INK.aqua], [480, INK.mist], [720, INK.leaf]),
    cloud(250, 200, 1.6, INK.cream),
    cloud(1330, 260, 1.3, INK.cream),
    rect(330, 420, 940, 320, INK.brick),
    shape(
      [
        [300, 420],
        [360, 330],
        [1240, 330],
        [1300, 420],
      ],
      INK.navy,
    ),
    times(8, (i) =>
      i === 3 || i === 4
        ? ''
        : rect(372 + i * 112, 470, 66, 92, INK.cream, 30) + rect(372 + i * 112, 612, 66, 92, INK.cream, 4),
    ),
    rect(690, 190, 220, 550, INK.wine),
    shape(
      [
        [670, 190],
        [800, 20],
        [930, 190],
      ],
      INK.navy,
    ),
    rect(794, 0, 12, 40, INK.mustard),
    circle(800, 290, 78, INK.cream),
    circle(800, 290, 64, INK.sand),
    stroke('M 800 290 V 242 M 800 290 L 838 312', INK.coal, 9),
    times(12, (i) =>
      circle(800 + Math.sin((i * Math.PI) / 6) * 54, 290 - Math.cos((i * Math.PI) / 6) * 54, 4, INK.coal),
    ),
    rect(742, 420, 116, 110, INK.sand, 58),
    area('M 740 740 V 640 a 60 60 0 0 1 120 0 V 740 Z', INK.coal),
    times(2, (i) => rect(250 - i * 40, 740 + i * 26, 1100 + i * 80, 28, i ? INK.stone : INK.mist)),
    bands([792, INK.pine]),
    times(4, (i) =>
      at(
        [110, 240, 1370, 1500][i] ?? 0,
        780,
        rect(-12, -90, 24, 110, '#7a5a3c') +
          circle(0, -150, 92, INK.pine) +
          circle(36, -126, 60, INK.leaf, 0.6),
      ),
    ),
  );
