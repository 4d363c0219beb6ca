import {
  area,
  at,
  bands,
  chance,
  circle,
  cloud,
  drawing,
  house,
  INK,
  oval,
  rect,
  shape,
  stroke,
  swell,
  times,
} from './shapes.ts';

export const lighthouse = (): string =>
  drawing(
    bands([0, INK.night], [420, INK.navy], [560, INK.sea]),
    times(60, (i) => circle(chance(i) * 1600, chance(i + 50) * 500, 2 + chance(i + 9) * 3, INK.cream, 0.75)),
    shape(
      [
        [1010, 240],
        [0, 40],
        [0, 300],
      ],
      INK.mustard,
      0.3,
    ),
    shape(
      [
        [1010, 240],
        [1600, 120],
        [1600, 330],
      ],
      INK.mustard,
      0.3,
    ),
    swell(610, 12, 240, INK.sea),
    area(
      'M 640 760 Q 760 640 880 650 Q 940 600 1020 620 Q 1120 600 1180 660 Q 1320 680 1400 780 Z',
      INK.coal,
    ),
    shape(
      [
        [950, 640],
        [972, 290],
        [1048, 290],
        [1070, 640],
      ],
      INK.cream,
    ),
    shape(
      [
        [966, 394],
        [961, 470],
        [1059, 470],
        [1054, 394],
      ],
      INK.brick,
    ),
    shape(
      [
        [955, 556],
        [951, 632],
        [1069, 632],
        [1065, 556],
      ],
      INK.brick,
    ),
    rect(946, 276, 128, 18, INK.coal, 4),
    rect(976, 206, 68, 70, INK.mustard, 4),
    stroke('M 998 206 V 276 M 1022 206 V 276', INK.coal, 5),
    shape(
      [
        [960, 206],
        [1010, 150],
        [1060, 206],
      ],
      INK.brick,
    ),
    rect(1000, 600, 22, 40, INK.coal, 10),
    house(1124, 668, 92, 62, INK.cream, INK.brick, INK.mustard),
    swell(740, 18, 260, INK.teal, 20),
    swell(800, 20, 320, INK.navy, -60),
    swell(858, 14, 220, INK.night),
  );

export const storm = (): string =>
  drawing(
    bands([0, '#3c4a57'], [220, INK.slate], [420, '#74838f']),
    cloud(260, 150, 3, '#2c3743'),
    cloud(820, 110, 3.6, '#33404c'),
    cloud(1380, 170, 3, '#2c3743'),
    times(70, (i) => stroke(`M ${chance(i) * 1700} ${chance(i + 30) * 640} l -34 92`, INK.mist, 3, 0.4)),
    swell(560, 40, 420, '#3a6a7a'),
    area(
      'M 520 900 Q 640 520 900 400 Q 1060 330 1130 220 Q 1160 330 1100 410 Q 1210 380 1260 300 Q 1260 430 1170 520 L 1180 900 Z',
      INK.aqua,
    ),
    area('M 600 900 Q 720 600 930 500 Q 1040 450 1090 400 Q 1090 520 1110 640 L 1140 900 Z', INK.cream),
    times(22, (i) =>
      circle(960 + chance(i) * 380, 180 + chance(i + 8) * 330, 6 + chance(i + 2) * 14, INK.cream, 0.9),
    ),
    rect(1120, 520, 480, 380, INK.stone),
    times(5, (row) =>
      times(5, (i) =>
        rect(1126 + i * 100 - (row % 2) * 44, 560 + row * 70, 90, 58, row % 2 ? '#a49f92' : '#aca799', 4),
      ),
    ),
    rect(1100, 504, 500, 40, '#918c80', 4),
    stroke('M 1420 504 V 250 q 0 -40 40 -40 h 20', INK.coal, 12),
    circle(1492, 222, 26, INK.mustard),
    swell(720, 36, 360, INK.sea, 100),
    swell(800, 30, 300, INK.navy, -30),
  );

const fish = (x: number, y: number, scale: number, colour: string): string =>
  at(
    x,
    y,
    oval(0, 0, 70, 34, colour) +
      shape(
        [
          [-56, 0],
          [-112, -38],
          [-112, 38],
        ],
        colour,
      ) +
      circle(38, -8, 7, INK.cream) +
      circle(40, -8, 3, INK.coal) +
      area('M -10 -32 q 20 -34 50 -20 l -16 24 Z', colour),
    scale,
  );

const frond = (x: number, height: number, lean: number, colour: string): string => {
  const leaves = times(Math.floor(height / 70), (i) => {
    const y = 860 - i * 66;
    const shift = x + Math.sin(i * 0.8) * lean;
    return oval(shift + (i % 2 ? 30 : -30), y - 30, 38, 14, colour);
  });
  const bends = times(Math.floor(height / 120), (i) => ` q ${i % 2 ? lean : -lean} -60 0 -120`);
  return stroke(`M ${x} 900${bends}`, colour, 13) + leaves;
};

export const kelpForest = (): string =>
  drawing(
    bands(
      [0, INK.aqua],
      [120, '#74bcc2'],
      [270, INK.teal],
      [450, '#2f7f95'],
      [640, INK.sea],
      [800, INK.navy],
    ),
    shape(
      [
        [300, 0],
        [480, 0],
        [320, 900],
        [40, 900],
      ],
      INK.cream,
      0.12,
    ),
    shape(
      [
        [820, 0],
        [980, 0],
        [900, 900],
        [660, 900],
      ],
      INK.cream,
      0.12,
    ),
    shape(
      [
        [1280, 0],
        [1400, 0],
        [1420, 900],
        [1220, 900],
      ],
      INK.cream,
      0.12,
    ),
    area('M 0 900 V 830 Q 300 780 620 836 T 1200 820 T 1600 840 V 900 Z', INK.night),
    times(9, (i) => frond(90 + i * 180, 420 + chance(i) * 340, 46, i % 2 ? INK.pine : INK.leaf)),
    fish(520, 300, 1, INK.coral),
    fish(640, 380, 0.7, INK.mustard),
    fish(1080, 240, 1.2, INK.peach),
    fish(1240, 500, 0.9, INK.mustard),
    fish(330, 560, 0.8, INK.coral),
    fish(880, 600, 0.75, INK.cream),
    times(20, (i) => circle(chance(i) * 1600, chance(i + 20) * 760, 4 + chance(i + 3) * 8, INK.cream, 0.4)),
  );
