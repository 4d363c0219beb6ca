import {
  area,
  at,
  bands,
  chance,
  circle,
  cloud,
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
  turned,
} from './shapes.ts';

const boat = (x: number, y: number, scale: number, hull: string, mast: string): string =>
  at(
    x,
    y,
    area('M -120 0 H 130 L 92 52 H -88 Z', hull) +
      rect(-34, -44, 74, 44, INK.cream, 4) +
      rect(-20, -32, 18, 18, INK.navy) +
      rect(12, -32, 18, 18, INK.navy) +
      stroke('M -58 0 V -190 M -58 -170 L 110 -6 M -58 -170 L -112 0', mast, 5),
    scale,
  );

export const harbourAtDusk = (): string => {
  const walls = [
    INK.wine,
    INK.navy,
    INK.brick,
    INK.slate,
    INK.navy,
    INK.wine,
    INK.brick,
    INK.slate,
    INK.wine,
  ];
  const glints = times(26, (i) =>
    rect(690 + chance(i) * 230 - i * 3, 566 + i * 11, 60 + chance(i + 40) * 120, 5, INK.mustard, 3),
  );
  return drawing(
    bands([0, INK.wine], [110, INK.brick], [230, INK.coral], [350, INK.peach], [450, INK.sand]),
    circle(800, 540, 150, INK.mustard),
    bands([548, INK.navy]),
    area(
      'M 0 548 L 0 470 Q 180 420 360 470 T 620 548 Z M 1600 548 V 440 Q 1420 400 1260 480 T 1010 548 Z',
      INK.night,
      0.75,
    ),
    times(4, (i) =>
      house(1150 + i * 112, 548, 104, 90 + (i % 2) * 66, walls[i] ?? INK.navy, INK.night, INK.mustard),
    ),
    times(3, (i) =>
      house(8 + i * 112, 548, 104, 78 + ((i + 1) % 2) * 60, walls[i + 4] ?? INK.navy, INK.night, INK.mustard),
    ),
    glints,
    swell(730, 10, 220, INK.night),
    boat(390, 670, 1.15, INK.wine, INK.coal),
    boat(1180, 740, 1.5, INK.brick, INK.coal),
    swell(810, 14, 300, INK.coal, 40),
    gull(620, 230, 1, INK.cream),
    gull(720, 180, 0.7, INK.cream),
  );
};

export const nightFerry = (): string => {
  const ports = times(17, (i) => circle(330 + i * 56, 616, 14, INK.mustard));
  const deck = (x: number, y: number, width: number, panes: number) =>
    rect(x, y, width, 74, INK.cream, 8) +
    times(panes, (i) => rect(x + 26 + i * 52, y + 22, 32, 26, i % 5 === 3 ? INK.aqua : INK.mustard, 4));
  return drawing(
    bands([0, INK.night], [300, INK.navy], [460, '#24537a']),
    circle(1290, 170, 74, INK.cream),
    circle(1322, 150, 66, INK.night),
    times(46, (i) => circle(chance(i) * 1600, chance(i + 90) * 380, 2 + chance(i + 7) * 3, INK.cream, 0.8)),
    swell(600, 12, 260, INK.sea),
    deck(380, 470, 860, 16),
    deck(470, 396, 660, 12),
    deck(900, 322, 200, 3),
    shape(
      [
        [560, 396],
        [580, 250],
        [680, 250],
        [700, 396],
      ],
      INK.coral,
    ),
    shape(
      [
        [574, 296],
        [580, 250],
        [680, 250],
        [686, 296],
      ],
      INK.coal,
    ),
    area('M 650 240 q 40 -60 110 -50 q 70 0 120 -60 q -10 90 -110 100 q -60 4 -90 24 Z', INK.mist, 0.35),
    area('M 190 544 H 1390 Q 1372 660 1300 720 H 300 Q 226 660 190 544 Z', INK.brick),
    rect(190, 544, 1200, 22, INK.cream),
    ports,
    times(16, (i) =>
      rect(420 + chance(i) * 760, 750 + chance(i + 3) * 120, 40 + chance(i + 5) * 90, 6, INK.mustard, 3),
    ),
    swell(706, 18, 240, INK.teal, 30),
    swell(772, 20, 320, INK.sea, -40),
    swell(842, 16, 260, INK.navy),
  );
};

const rower = (x: number, shirt: string): string =>
  circle(x + 22, 402, 24, INK.peach) +
  area(`M ${x - 6} 540 L ${x + 4} 436 Q ${x + 24} 418 ${x + 46} 440 L ${x + 58} 540 Z`, shirt) +
  stroke(`M ${x + 30} 452 L ${x + 92} 488`, INK.peach, 15);

const oar = (x: number): string =>
  stroke(`M ${x + 84} 484 L ${x + 210} 640`, INK.sand, 10) +
  turned(51, x + 214, 646, oval(x + 214, 646, 44, 15, INK.sand));

export const gigCrew = (): string =>
  drawing(
    bands([0, INK.aqua], [250, INK.mist], [430, INK.teal]),
    area('M 0 430 Q 260 300 560 400 T 1040 380 T 1600 430 Z', INK.leaf),
    area('M 0 430 Q 160 360 400 420 T 980 420 T 1600 400 V 430 Z', INK.pine),
    cloud(340, 150, 1.2, INK.cream),
    cloud(1180, 110, 1.6, INK.cream),
    swell(470, 10, 260, INK.sea),
    times(6, (i) => rower(360 + i * 130, i % 2 ? INK.coral : INK.mustard)),
    circle(1200, 408, 25, INK.peach),
    area('M 1166 520 L 1178 442 Q 1200 424 1224 444 L 1238 520 Z', INK.wine),
    area('M 210 486 Q 780 560 1370 470 L 1310 590 Q 780 650 280 590 Z', INK.navy),
    stroke('M 210 486 Q 780 560 1370 470', INK.cream, 12),
    swell(606, 14, 300, INK.teal, 50),
    times(6, (i) => oar(360 + i * 130) + oval(580 + i * 130, 664, 56, 9, INK.mist, 0.7)),
    swell(720, 18, 360, INK.sea, -40),
    swell(820, 18, 280, INK.navy, 10),
    gull(760, 220, 1, INK.slate),
    gull(880, 260, 0.7, INK.slate),
  );
