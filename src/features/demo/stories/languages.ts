import { b, fact, h2, i, image, lead, list, p, pull, quote, related, table } from '../body.ts';
import { type DemoStory, PUBLISHED } from '../story.ts';

/** The town's other languages, oldest first. */
export const languages: readonly DemoStory[] = [
  {
    slug: 'filleann-an-bad-oiche',
    by: 'reporter',
    type: 'news',
    language: 'ga',
    section: 'islands',
    tags: ['night-ferry', 'lighthouse'],
    bylines: ['colm-o-sceirigh'],
    hero: 'harbour-at-dusk',
    heroCaption: 'An cuan istigh um thráthnóna.',
    kicker: 'Na hoileáin',
    headline: 'Bád poist nua ag teacht go dtí na hoileáin',
    standfirst: 'Tar éis dhá bhliain d’fheitheamh, beidh bád poist ag dul amach gach maidin arís.',
    body: ({ picture }) => [
      p(
        lead('Beidh fáilte roimpi.'),
        ' Tiocfaidh an bád poist nua isteach sa chuan maidin Luain, agus litreacha, arán úr agus málaí síl ar bord aici.',
      ),
      p(
        '“Bhíomar ag brath ar an aimsir agus ar dheachroí na n-iascairí,” a dúirt Gobnait Ní Sceirigh, máistreás phoist an Oileáin Mhóir. “Anois níl le déanamh againn ach a bheith ar an gcé in am.”',
      ),
      h2('An clár ama'),
      list(
        '8.00: ag fágáil an chuain',
        '8.50: an tOileán Mór',
        '9.20: an tOileán Beag',
        '10.30: ar ais arís',
      ),
      image(picture('lighthouse'), 'Rachaidh an bád thar an teach solais gach maidin.'),
      quote(p('Is maith an scéalaí an aimsir.'), p(i('Seanfhocal'))),
      p('Ní bheidh aon bhád ann ar an Domhnach, ná nuair a deir Gobnait nach mbeidh.'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'quay-street-market-arabic',
    by: 'reporter',
    type: 'news',
    language: 'ar',
    section: 'news',
    tags: ['eating-out'],
    bylines: ['yusra-haddadin'],
    hero: 'market',
    heroCaption: 'سوق شارع الرصيف صباح السبت.',
    kicker: 'السوق',
    headline: 'سوق السبت يفتح أبوابه مساءً في الصيف',
    standfirst: 'ابتداءً من الأسبوع المقبل يبقى سوق شارع الرصيف مفتوحًا حتى العاشرة ليلًا.',
    body: () => [
      p(
        lead('لن ينتهي السوق عند الظهر بعد الآن.'),
        ' قرر أصحاب الأكشاك في شارع الرصيف أن يعملوا مساء كل سبت حتى نهاية الصيف، بعد أن طلب ذلك كثير من الناس الذين يعملون في الصباح.',
      ),
      p(
        'قالت بائعة الخبز ليلى: «في المساء يأتي الناس جائعين ولا يستعجلون، وهذا أجمل ما يمكن أن يحدث لبائعة خبز».',
      ),
      h2('ما الجديد؟'),
      list(
        'موسيقى قرب النافورة من السابعة',
        'مائدة طويلة لمن أراد أن يأكل مع جيرانه',
        'مواقف مجانية للدراجات',
      ),
      p(b('الأوقات: '), 'كل يوم سبت من الثامنة صباحًا إلى العاشرة ليلًا.'),
    ],
    path: PUBLISHED,
  },
  {
    slug: 'nattfarjan-ar-tillbaka',
    by: 'correspondent',
    type: 'news',
    language: 'sv',
    section: 'harbour',
    tags: ['night-ferry'],
    bylines: ['sanna-vikblad'],
    hero: 'night-ferry',
    heroCaption: 'Marl Queen under provturen i tisdags.',
    kicker: 'Nattfärjan',
    headline: 'Efter nio vintrar går nattfärjan till Ostrand igen',
    standfirst:
      'Biljetterna till första turen tog slut på nio minuter. Kojerna är nya, mistluren är densamma.',
    body: ({ story }) => [
      p(
        lead('På fredag klockan halv elva'),
        ' lägger Marl Queen ut från Långa kajen i Port Sallow med 412 resande, 60 bilar och en flygel. Kvart över sju på lördagsmorgonen är hon framme i Ostrand.',
      ),
      p(
        'Linjen lades ned för nio år sedan, när det gamla fartyget inte längre gick att laga. Nu drivs den av ett kooperativ med medlemmar i båda städerna.',
      ),
      related(story('night-ferry-returns')),
      table(
        ['Dag', 'Från Port Sallow', 'Från Ostrand'],
        ['Onsdag', '22.30', 'ingen tur'],
        ['Fredag', '22.30', 'ingen tur'],
        ['Söndag', 'ingen tur', '22.00'],
      ),
      pull(
        'Folk skrev brev om mistluren. En skickade en inspelning, ifall vi hade glömt hur den lät.',
        'Greta Holmsund, befälhavare',
      ),
      fact(
        'Bra att veta',
        list('Vilstol: 38 kronor', 'Koj: 64 kronor', 'Cykel: gratis', 'Ärtsoppa: tills den är slut'),
      ),
    ],
    path: PUBLISHED,
  },
];
