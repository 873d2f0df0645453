/**
 * Words of thirteen languages for what a fact is often asked by: who, which animal, which day. Accents of Latin letters are left
 * out; `$` ends a whole word, others are beginnings; scripts without blanks are found anywhere.
 */
const words: Readonly<Record<string, string>> = {
  mother:
    'mother$ mothers$ mum$ mums$ mom$ mama$ mutti mutter$ madre$ mamma$ mere$ maman mae$ мам мать$ матер matka$ matki$ matke$ mamy$ mame$ annem anne$ 妈妈 母亲 母は 母が 母の 母に 母と お母 أمي والدتي माँ मां moeder',
  father:
    'father$ fathers$ dad$ dads$ papa$ vater vati$ padre$ pere$ pai$ babbo отец отц папа папе папу папой ojciec ojca ojcem tata$ taty$ tacie$ tato$ babam baba$ 爸 父亲 父は 父が 父の 父に お父 أبي والدي पिता पापा vader$',
  sister:
    'sister schwester hermana soeur irma$ irmas$ sorell сестр siostr kiz~kardes ablam 妹 姐 姉 أختي أخت$ बहन दीदी zus$ zusje',
  brother:
    'brother bruder$ hermano frere irmao irmaos fratell брат brat$ brata$ bratem$ bratu$ braci erkek~kardes abim 弟 哥 兄 أخي भाई broer',
  son: 'son$ sons$ boy$ sohn hijo$ hijos$ fils$ filho$ filhos$ figlio$ figli$ сын syn$ syna$ synem$ synow ogl 儿子 息子 ابني ولدي बेटा बेटे zoon$',
  daughter:
    'daughter girl$ tochter hija$ hijas$ fille$ filles$ filha$ filhas$ figlia$ figlie$ доч cork kizim kizimin 女儿 娘 ابنتي بنتي बेटी dochter',
  child:
    'child kid$ kids$ kind$ kinder$ nino$ ninos$ enfant crianca bambin ребен ребён дети детей детьми dzieck dzieci cocug 孩子 小孩 子供 子ども طفل أطفال أولاد बच्च kinderen',
  wife: 'wife ehefrau mujer$ esposa femme$ mulher$ moglie жена жене жену женой zona$ zone$ zony$ esim$ 妻 老婆 زوجتي पत्नी बीवी vrouw$',
  husband:
    'husband mann$ ehemann marido esposo mari$ marito муж maz$ mezem$ meza$ kocam 丈夫 老公 夫は 夫が 旦那 زوجي पति echtgenoot',
  partner:
    'girlfriend boyfriend partner fiance freundin$ freund$ novia$ novio$ chica$ copine copain petite~amie petit~ami namorad fidanzat ragazza$ девушк парень парня жених невест dziewczyn narzecz chlopak sevgili nisanl 女朋友 男朋友 未婚 彼女 彼氏 彼の 恋人 خطيب صديقتي प्रेमिका मंगेतर vriendin$',
  grandmother:
    'grandmother grandma gran$ granny oma$ grossmutter abuela grand-mere mamie$ avo$ vovo$ nonna$ бабушк babci buyukanne babaanne anneanne 奶奶 外婆 祖母 おばあ جدتي दादी नानी',
  grandfather:
    'grandfather grandpa opa$ grossvater abuelo grand-pere papy$ nonno$ дедушк дед$ dziadk dziadek dede 爷爷 外公 祖父 おじい جدي दादा नाना',
  uncle:
    'uncle onkel tio$ oncle zio$ дядя дяди дяде wujek wujk stryj amca dayi 叔叔 叔父 舅 おじさん 伯父 عمي خالي चाचा मामा oom$',
  aunt: 'aunt tante tia$ zia$ тётя тетя тёти тети ciocia cioci teyze halam 阿姨 姑 姨 叔母 おばさん عمتي خالتي मौसी बुआ',
  cousin:
    'cousin cousine primo$ prima$ cugin двоюродн kuzyn kuzen 表哥 表弟 表妹 表姐 堂 いとこ ابن~عمي चचेरे neef$ nicht$',
  inlaw:
    '-in-law schwieger schwager schwager suegr cunad beau-pere belle-mere beau-frere sogr cognat sogra cunhad тёщ тещ свекр тесть teściow tesciow tesc$ szwagier kaynana kayinvalide kayin 婆婆 岳 公公 义母 義母 義父 حماتي सास ससुर schoon',
  friend:
    'friend freunde$ amigo amiga$ ami$ amie$ amis$ amico$ amica$ amici$ друг подруг przyjaci arkadas 朋友 友達 友人 صديقي दोस्त सहेली vriend$ vrienden',
  boss: 'boss$ manager chef$ chefin$ vorgesetzt jefe$ jefa$ patron$ capo$ начальн босс szef kierowni patronum mudur 老板 经理 上司 مديري बॉस मैनेजर baas$',
  colleague:
    'colleague coworker workmate kolleg companero collegue collegh коллег colega meslektas is~arkadas 同事 同僚 زميل सहकर्मी',
  neighbour:
    'neighbour neighbor nachbar vecin voisin vizinh vicino$ vicina$ сосед sasiad komsu 邻居 隣 جاري पड़ोसी buur',
  roommate:
    'flatmate roommate housemate mitbewohn companero~de~piso colocataire colega~de~quarto coinquilin сосед~по wspollokator ev~arkadas 室友 ルームメイト',
  dog: 'dog$ dogs$ puppy hund$ hunde$ hundes$ welpe perro$ perra$ chien$ chiens$ chienne$ cao$ cachorro cane$ cani$ собак щен пёс pies$ psa$ psem$ kopek kopeg 狗 犬 كلبي कुत्त hond$ honden$',
  cat: 'cat$ cats$ kitten katze$ katzen kater$ gato gata$ gatos$ chat$ chats$ chaton chatte$ gatto$ gatta$ gatti$ кот$ кота$ кошк kot$ kota$ kotk kedi 猫 ねこ قطت قط$ बिल्ली kat$ katten$',
  pet: 'pet$ pets$ haustier mascota animal~de~compagnie animal~de~estimacao animale~domestico питомец zwierzak evcil 宠物 ペット حيوان~أليف पालतू huisdier',
  car: 'car$ auto$ wagen$ coche$ voiture carro$ macchina автомобил машин samochod araba 汽车 车是 車 سيارت गाड़ी कार$',
  phone: 'phone$ handy$ telefono~movil telephone telemovel cellulare телефон telefon 手机 携帯 هاتف फोन',
  colour: 'colour color$ farbe couleur cor$ colore$ цвет kolor rengi renk 颜色 色は لون रंग kleur',
  film: 'film$ films$ movie pelicula filme фильм 电影 映画 فيلم फ़िल्म फिल्म',
  band: 'band$ zespol grupo~de~musica groupe~de~musique banda$ группа$ 乐队 バンド',
  university:
    'university uni$ universit universidad universid universi 大学 университет uniwersytet جامعة विश्वविद्यालय',
  siblings:
    'sibling siblings geschwister hermanos$ freres$ irmaos$ fratelli$ rodzenstw kardesim 兄弟 姐妹 إخوة',
  dentist: 'dentist zahnarzt dentista стоматолог dentyst dis~hekim 牙医 歯医者 طبيب~أسنان',
  monday:
    'monday montag lunes lundi segunda-feira lunedi понедельник poniedzial pazartesi 星期一 周一 月曜 الاثنين सोमवार',
  tuesday:
    'tuesday dienstag martes mardi terca-feira martedi вторник wtorek wtork sali$ 星期二 周二 火曜 الثلاثاء मंगलवार',
  wednesday:
    'wednesday mittwoch miercoles mercredi quarta-feira mercoledi сред srod carsamba 星期三 周三 水曜 الأربعاء बुधवार',
  thursday:
    'thursday donnerstag jueves jeudi quinta-feira giovedi четверг czwart persembe 星期四 周四 木曜 الخميس गुरुवार',
  friday:
    'friday freitag viernes vendredi sexta-feira venerdi пятниц piatek piatk cuma$ 星期五 周五 金曜 الجمعة जुम्मा शुक्रवार',
  saturday:
    'saturday samstag sonnabend sabado samedi sabato суббот sobot cumartesi 星期六 周六 土曜 السبت शनिवार',
  sunday:
    'sunday sonntag domingo dimanche domenica воскресен niedziel pazar$ 星期日 星期天 周日 日曜 الأحد रविवार इतवार',
  january: 'january januar$ enero janvier janeiro gennaio январ styczen stycz ocak 一月 يناير जनवरी',
  february:
    'february februar$ febrero fevrier fevereiro febbraio феврал lut$ lutego subat 二月 فبراير फ़रवरी फरवरी',
  march: 'march$ marz$ marzo$ mars$ marco$ март marzec marca$ mart$ 三月 مارس मार्च',
  april: 'april abril avril aprile апрел kwiecien kwietni nisan$ 四月 أبريل अप्रैल',
  may: 'mai$ mayo$ maio$ maggio мая$ maja$ mayis 五月 مايو मई',
  june: 'june juni$ junio$ juin$ junho giugno июн czerwiec czerwc haziran 六月 يونيو जून',
  july: 'july juli$ julio$ juillet julho luglio июл lipiec lipca temmuz 七月 يوليو जुलाई',
  august: 'august agosto aout август sierpien sierpni agustos 八月 أغسطس अगस्त',
  september:
    'september septiembre septembre setembro settembre сентябр wrzesien wrzesni eylul 九月 سبتمبر सितंबर',
  october: 'october oktober octubre octobre outubro ottobre октябр pazdziernik ekim$ 十月 أكتوبر अक्टूबर',
  november: 'november noviembre novembre novembro ноябр listopad kasim 十一月 نوفمبر नवंबर',
  december:
    'december dezember diciembre decembre dezembro dicembre декабр grudzien grudni aralik 十二月 ديسمبر दिसंबर',
};

interface Concept {
  readonly name: string;
  readonly pattern: RegExp;
}

const scripts = /[\u3040-\u30ff\u3400-\u9fff]/;

const concepts: readonly Concept[] = Object.entries(words).map(([name, list]) => {
  const parts = list.split(' ').map((word) => {
    const stem = plain(word).replaceAll('~', ' ');
    if (scripts.test(stem)) return stem;
    // Arabic words stand behind short ones that are written with them.
    const start = /\p{Script=Arabic}/u.test(stem) ? '' : stem.startsWith('-') ? '' : '(?<![\\p{L}\\p{M}])';
    return stem.endsWith('$') ? `${start}${stem.slice(0, -1)}(?![\\p{L}\\p{M}])` : `${start}${stem}`;
  });
  return { name, pattern: new RegExp(parts.join('|'), 'u') };
});

/** Which of the known things a text names: relatives, animals, days, months and a few more. */
export function conceptsOf(text: string): ReadonlySet<string> {
  const read = plain(text);
  return new Set(concepts.filter(({ pattern }) => pattern.test(read)).map(({ name }) => name));
}

const people =
  'mother father sister brother son daughter child wife husband partner grandmother grandfather uncle aunt cousin inlaw friend boss colleague neighbour roommate siblings dentist';
const animals = 'dog cat pet';
const things = 'car phone colour film band university';
const days = 'monday tuesday wednesday thursday friday saturday sunday';
const months = 'january february march april may june july august september october november december';

/** Kinds of concepts: another of the same kind is somebody or something else. */
export const conceptKinds: readonly ReadonlySet<string>[] = [people, animals, days, months, things].map(
  (names) => new Set(names.split(' ')),
);
/** Kinds of which a person has told or has not; a day is only when. */
export const possessed: readonly ReadonlySet<string>[] = [people, animals, things].map(
  (names) => new Set(names.split(' ')),
);

/** What one word may also mean. */
const wider: Readonly<Record<string, readonly string[]>> = {
  pet: ['dog', 'cat'],
  dog: ['pet'],
  cat: ['pet'],
  siblings: ['brother', 'sister'],
  brother: ['siblings'],
  sister: ['siblings'],
  child: ['son', 'daughter'],
  son: ['child'],
  daughter: ['child'],
};

/** The concepts with those that they include or are part of. */
export function widened(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names, ...[...names].flatMap((name) => wider[name] ?? [])]);
}

/** Lower case, Latin letters without their marks. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe');
}
