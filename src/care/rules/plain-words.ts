import type { RiskKind } from '../risk-judge.js';
import type { Rule } from './rule.js';

type Statement = readonly [grade: Rule['grade'], kind: RiskKind, pattern: RegExp];

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .replaceAll('đ', 'd');

/** Plain statements in the other languages of the reader; of alphabets with accents without them. */
const inLatinLetters: readonly Statement[] = [
  // German
  [
    'ideation',
    'suicide',
    /\b(?:ich )?(?:will|mochte|wollte|wurde am liebsten) (?:\w+ ){0,3}(?:sterben|tot sein|nicht mehr (?:leben|da sein|aufwachen)|mein leben beenden)\b|\b(?:bring|bringe|brachte) mich (?:\w+ ){0,3}um\b|\bmich (?:selbst )?(?:umbringen|umzubringen|toten|erhangen|aufhangen|erschiessen)\b|\b(?:selbstmord|suizid)(?:gedanken|versuch)?\b(?!pravention)|\bwunschte,? ich war(?:e)? tot\b|\bnehme? mir das leben\b|\bmir das leben nehmen\b|\bohne mich (?:besser dran|besser)\b|\bkein(?:en)? grund (?:mehr )?zu leben\b|\blebensmude\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\b(?:ritze?|geritzt|schneide) mich\b|\bmich (?:wieder |selbst )*(?:geritzt|geschnitten|ritzen|verletzen|verletzt)\b(?! (?:beim|beim))|\bich (?:habe|hab) (?:wieder )?(?:mich )?(?:wieder )?geritzt\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:er|sie|mein (?:mann|vater|freund|stiefvater|onkel|ex)|meine (?:frau|mutter)) (?:hat )?(?:schlagt|schlug|vergewaltigt|missbraucht|bedroht|wurgt|verprugelt) mich\b|\bmich (?:\w+ ){0,2}(?:vergewaltigt|missbraucht|geschlagen|verprugelt|gewurgt)\b(?! beim)/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:ich )?(?:habe|hab) (?:\w+ ){0,3}(?:alle|zu viele|eine ganze (?:packung|schachtel)|\d{2,}) (?:\w+ ){0,2}(?:tabletten|pillen|schlaftabletten|paracetamol) (?:genommen|geschluckt)\b|\buberdosis genommen\b/,
  ],
  // Spanish
  [
    'ideation',
    'suicide',
    /\b(?:quiero|quisiera|deseo|prefiero|ojala) (?:\w+ )?(?:morir(?:me)?|me muera|estar muert[oa]|suicidarme|matarme|desaparecer para siempre|no despertar)\b|\bno quiero (?:seguir viviendo|vivir(?: mas)?|estar viv[oa])(?! (?:aqui|en|con|sol))|\b(?:me voy a|voy a|pensando en|pienso en|ganas de|intente) (?:matar(?:me)?|suicidar(?:me)?|quitarme la vida|acabar con mi vida|morir(?:me)?(?! de))\b|\bquitarme la vida\b|\bsuicidarme\b|\bmejor sin mi\b|\bganas de (?:vivir|morir)me?\b(?<!tengo muchas ganas de vivir)/,
  ],
  [
    'ideation',
    'self-harm',
    /\bme (?:corto|corte|estoy cortando|hago dano)\b(?! (?:el|al|con el papel|cocinando))|\bcortarme (?:otra vez|los brazos|las venas)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:mi (?:marido|esposo|novio|padre|padrastro|pareja|ex|tio)|el) me (?:pega|golpea|golpeo|viola|violo|abusa|amenaza|toca por las noches|maltrata|ahorca)\b|\bme (?:violaron|violo|han violado|estan pegando)\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:me he tomado|me tome|tome|trague) (?:todas|demasiadas|un frasco|una caja|\d{2,}) (?:\w+ ){0,3}(?:pastillas|pildoras)\b|\bsobredosis\b/,
  ],
  // French
  [
    'ideation',
    'suicide',
    /\b(?:je )?(?:veux|voudrais|souhaite|aimerais|prefere(?:rais)?) (?:\w+ )?(?:mourir|etre mort(?:e)?|en finir|me (?:tuer|suicider|pendre)|disparaitre pour toujours|ne plus me reveiller)\b(?! de (?:rire|honte))|\b(?:veux|envie de|peux) ?(?:ne )?plus (?:vivre|exister|etre en vie)\b|\bplus envie de vivre\b|\b(?:me suicider|me tuer|mettre fin a (?:mes jours|ma vie)|en finir avec la vie|pensees suicidaires|m'ouvrir les veines)\b|\bmieux sans moi\b|\benvie de mourir\b|\bje vais me (?:tuer|pendre|suicider|foutre en l'air)\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\bje me (?:coupe|scarifie|mutile|fais du mal)\b|\bme (?:scarifier|mutiler)\b|\bje me suis (?:encore )?(?:coupee? les|scarifiee?|mutilee?)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:il|mon (?:mari|pere|copain|ex|beau-pere|oncle|compagnon)) (?:me|m'a) ?(?:frappe|bat|viole|violee|touche la nuit|etrangle|menace|tape|battue)\b|\bj'ai ete violee?\b|\bon m'a violee?\b/,
  ],
  [
    'imminent',
    'medical',
    /\bj'ai (?:pris|avale) (?:tous|toute|trop de|une boite|\d{2,}) ?(?:\w+ ){0,3}(?:comprimes|cachets|medicaments|pilules)\b|\boverdose\b/,
  ],
  // Portuguese
  [
    'ideation',
    'suicide',
    /\b(?:quero|queria|prefiro|vou) (?:\w+ )?(?:morrer|me matar|me suicidar|estar mort[oa]|sumir para sempre|acabar com a minha vida|tirar a minha vida)\b(?! de (?:rir|vergonha))|\bnao (?:quero|aguento) (?:mais )?(?:viver|continuar vivend[oa]|estar viv[oa])(?: mais)?\b(?! (?:aqui|em|com|na|no))|\b(?:me matar|tirar (?:a )?minha (?:propria )?vida|suicidar-me|matar-me)\b|\bvontade de morrer\b|\bmelhor sem mim\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\b(?:me corto|me cortei de novo|voltei a me cortar|corto-me|me cortar de novo|cortar os pulsos|me machuco de proposito)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:ele|meu (?:marido|pai|padrasto|namorado|ex|tio)|o meu (?:marido|pai|padrasto|namorado|ex|tio)) (?:me |sempre me )(?:bate|bateu|estupra|estuprou|abusa|ameaca|agride|toca a noite|espanca)\b|\bfui (?:estuprada|violada|abusada)\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:tomei|engoli) (?:todos|muitos|uma caixa|um frasco|\d{2,}) (?:\w+ ){0,3}(?:comprimidos|remedios|pilulas)\b/,
  ],
  // Italian
  [
    'ideation',
    'suicide',
    /\b(?:voglio|vorrei|preferirei|desidero) (?:\w+ )?(?:morire|uccidermi|ammazzarmi|essere mort[oa]|farla finita|suicidarmi|togliermi la vita|non svegliarmi)\b(?! dal(?:le)? risa| di)|\bnon voglio (?:piu )?(?:vivere|esistere|svegliarmi)(?: piu)?\b(?! (?:qui|a|in|con))|\b(?:suicidarmi|togliermi la vita|ammazzarmi|farla finita)\b|\bvoglia di (?:morire)\b|\bmeglio senza di me\b|\bmi (?:ammazzo|uccido|suicido)\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\bmi (?:taglio|sono tagliat[oa] (?:di nuovo|le|i polsi|ancora)|faccio del male)\b(?! (?:i capelli|radendomi))/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:mio (?:marito|padre|patrigno|zio)|il mio (?:ragazzo|ex|compagno|patrigno)|lui) mi (?:picchia|ha picchiat[oa]|violenta|ha violentata|stupra|minaccia|tocca di notte|mena|strangola)\b|\bsono stata (?:violentata|stuprata)\b/,
  ],
  [
    'imminent',
    'medical',
    /\bho (?:preso|ingoiato) (?:tutte|troppe|un flacone|una scatola|\d{2,}) ?(?:\w+ ){0,3}(?:pillole|pastiglie|compresse|pasticche)\b/,
  ],
  // Dutch
  [
    'ideation',
    'suicide',
    /\bik (?:wil|zou willen|wou) (?:\w+ ){0,3}(?:dood(?: zijn)?|sterven|niet meer (?:leven|wakker worden)|er niet meer zijn|uit het leven stappen|mezelf doden)\b|\b(?:zelfmoord|zelfdoding)(?:gedachten)?\b(?!preventie)|\bmaak (?:ik )?(?:er )?(?:een )?eind(?:e)? aan(?: mijn leven)?\b|\beind(?:e)? aan mijn leven\b|\bmezelf (?:van kant|ophangen|doden|van het leven)\b|\bbeter af zonder mij\b|\bwens dat ik dood was\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\bik (?:snijd|snij) (?:weer )?(?:in )?mezelf\b|\bmezelf (?:weer )?(?:gesneden|snijden|pijn doen)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:hij|mijn (?:man|vader|vriend|stiefvader|ex|oom)) (?:slaat|mishandelt|verkracht|bedreigt|wurgt) (?:me|mij)\b|\bik (?:ben|werd|word) (?:verkracht|mishandeld|misbruikt)\b|\bheeft (?:me|mij) (?:verkracht|geslagen|mishandeld)\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:ik heb )(?:alle|te veel|een hele (?:doos|strip)|\d{2,}) ?(?:\w+ ){0,3}(?:pillen|tabletten|paracetamol) (?:genomen|geslikt|ingenomen)\b/,
  ],
  // Polish
  [
    'ideation',
    'suicide',
    /\b(?:chce|chcialbym|chcialabym|wole) (?:\w+ )?(?:umrzec|sie zabic|zabic sie|nie zyc|byc martw\w+|popelnic samobojstwo|zniknac na zawsze|nie obudzic sie)\b(?! ze (?:smiechu|wstydu))|\bnie chce (?:mi sie )?(?:juz )?(?:dalej )?zyc\b(?! (?:w|z|tu))|\b(?:zabije sie|zabic sie|sie zabic|samobojstw\w+|odebrac sobie zycie|mysli samobojcze|skoncze ze soba|skonczyc ze soba)\b|\blepiej beze mnie\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\b(?:tne sie|ciacham sie|pocielam sie|pocialem sie|znowu sie (?:tne|pocielam|pocialem)|okaleczam sie|sie okaleczam)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:on|moj (?:maz|ojciec|ojczym|chlopak|byly|wujek)|maz|ojciec|ojczym|chlopak) (?:\w+ )?(?:mnie (?:\w+ )?)?(?:bije|pobil|gwalci|zgwalcil|molestuje|dusi|katuje)\b|\bzostalam zgwalcona\b|\bgrozi,? ze mnie zabije\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:wzielam|wzialem|polknelam|polknalem|lyknelam) (?:wszystkie|za duzo|cale opakowanie|\d{2,}) ?(?:\w+ ){0,3}(?:tabletk\w+|tabletek|pigulk\w+|lekow|proszk\w+)\b/,
  ],
  // Turkish
  [
    'ideation',
    'suicide',
    /\b(?:olmek|intihar etmek|kendimi oldurmek|yok olmak) istiyorum\b|\byasamak istemiyorum\b|\bintihar (?:edecegim|etmeyi|etmek|edicem|dusunuyorum)\b|\bkendimi (?:oldurecegim|asacagim|oldurmeyi|oldurmek|asmak|oldurucem)\b|\bkeske (?:olsem|olseydim|hic dogmasaydim)\b|\bhayatima son (?:vermek|verecegim|verecem)\b|\bbensiz daha iyi\b|\bartik yasamak\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\bkendimi (?:kesiyorum|kestim|yine kestim|kesmek|jiletliyorum|jiletledim)\b|\bkendime zarar ver\w+\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:kocam|babam|sevgilim|uvey babam|esim|eski sevgilim|amcam|o|abim) (?:beni )(?:dovuyor|dovdu|oldurecek|taciz ediyor|taciz etti|tecavuz etti|tehdit ediyor|boguyor)\b|\bbana (?:tecavuz|vuruyor|siddet)\b|\btecavuze ugradim\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:butun|tum|bir kutu|cok fazla|\d{2,}) (?:\w+ ){0,3}(?:hap|haplari|ilac|ilaclari|ilaci) (?:ictim|aldim|yuttum)\b/,
  ],
  // Serbian, Croatian in Latin letters
  [
    'ideation',
    'suicide',
    /\b(?:zelim|hocu|hteo bih|htela bih|volio bih|voljela bih) (?:da )?(?:umrem|umrijeti|umreti|se ubijem|se ubiti|ubiti se|da ne postojim|nestanem zauvek|nestati zauvijek)\b|\bne (?:zelim|mogu|zeli mi se) (?:vise )?(?:da )?(?:zivim|ziveti|zivjeti|zivet)(?: vise)?\b(?! (?:ovde|ovdje|u|sa|s))|\b(?:ubicu se|ubit cu se|ubiti se|da se ubijem|samoubistv\w+|samoubojstv\w+|oduzeti (?:sebi|si) zivot|da sebi oduzmem zivot)\b|\bbolje bez mene\b/,
  ],
  [
    'ideation',
    'self-harm',
    /\b(?:secem se|rezem se|ponovo se (?:secem|rezem)|sekao sam se|sekla sam se|rezala sam se|rezao sam se|samopovred\w+|samoozljed\w+)\b/,
  ],
  [
    'ideation',
    'abuse',
    /\b(?:muz|otac|ocuh|decko|momak|bivsi|on|stric|tata) (?:me |mi )(?:\w+ )?(?:tuce|tuce|udara|bije|siluje|silovao|davi|mlati|tukao|preti|prijeti)\b|\bsilovan[ao]? sam\b|\bsilovao me\b/,
  ],
  [
    'imminent',
    'medical',
    /\b(?:popio|popila|progutao|progutala|uzeo|uzela) sam (?:sve|previse|celu kutiju|cijelu kutiju|\d{2,}) ?(?:\w+ ){0,3}(?:tablet\w+|pilul\w+|lekov\w+|lijekov\w+)\b|\bpopi(?:o|la) sam sve tablete\b/,
  ],
];

const inTheirLetters: readonly Statement[] = [
  // Russian
  [
    'ideation',
    'suicide',
    /(?:хочу|хочется|хотел бы|хотела бы|лучше бы я?)\s*(?:\S+ )?(?:умереть|сдохнуть|умер(?:ла)?(?![а-я])|убить себя|покончить|не просыпаться|исчезнуть навсегда|не жить)(?! (?:со|от) (?:смеху|смеха|стыда))|не хочу (?:больше )?(?:жить|существовать|просыпаться)(?: больше)?(?! (?:здесь|в |с |на ))|убью себя|убить себя|покончу с собой|поконч\S+ с (?:собой|жизнью)|самоубийств|суицид|повешусь|наложить на себя руки|без меня (?:будет|всем) (?:будет )?лучше|нет смысла жить|незачем жить/,
  ],
  [
    'ideation',
    'self-harm',
    /(?:режу себя|снова (?:режусь|порезал\S*)|порезала? (?:себя|вены|руки)|режусь|хочу порезать|резать себя|причиняю себе боль)/,
  ],
  [
    'ideation',
    'abuse',
    /(?:муж|отец|отчим|парень|он|бывший|дядя|папа|мать) (?:\S+ )?(?:меня )(?:\S+ )?(?:бь[её]т|избивает|избил|изнасиловал|насилует|душит|душил|домогается|трогает)|(?:бь[её]т|избивает|насилует|душит) меня|меня (?:изнасиловали|избивают|бьют|изнасиловал)|угрожает (?:убить|мне)/,
  ],
  [
    'imminent',
    'medical',
    /(?:выпила?|проглотила?|наглотал(?:ась|ся)|приняла?) (?:все|всю|слишком много|пачку|упаковку|много|\d{2,}) ?(?:\S+ ){0,3}(?:таблет|лекарств|снотворн)|наглотал(?:ась|ся) таблеток|передозировк/,
  ],
  // Serbian in Cyrillic letters
  [
    'ideation',
    'suicide',
    /(?:желим|хоћу) да (?:умрем|се убијем|нестанем)|не желим (?:више )?да живим|убићу се|самоубиств|да се убијем/,
  ],
  ['ideation', 'abuse', /(?:муж|отац|очух|дечко|он) ме (?:туче|удара|силује|бије|дави|силовао)/],
  // Arabic
  [
    'ideation',
    'suicide',
    /(?:أريد|اريد|بدي|عايز|عايزة|ابغى|أبغى|أتمنى|اتمنى|نفسي|أفكر في|افكر في|أفكر ب|سوف|سأ)\s*(?:أن )?(?:أموت|اموت|الموت|أقتل نفسي|اقتل نفسي|قتل نفسي|أنتحر|انتحر|الانتحار|إنهاء حياتي|انهاء حياتي|أنهي حياتي)|(?:لا أريد|لا اريد|ما بدي|مش عايز|ما ابغى|ما عاد أريد) (?:أن )?(?:أعيش|اعيش|العيش|الحياة)|سأقتل نفسي|سأنتحر|ليتني (?:مت|ميت|لم أولد)|بالانتحار|الانتحار هو/,
  ],
  ['ideation', 'self-harm', /(?:أجرح|اجرح|جرحت|أقطع|اقطع|أؤذي|اؤذي|آذيت) (?:نفسي|معصمي|يدي|ذراعي)/],
  [
    'ideation',
    'abuse',
    /(?:زوجي|أبي|ابي|والدي|أخي|عمي|خطيبي|صديقي|زوج أمي|هو) (?:\S+ )?(?:يضربني|ضربني|اغتصبني|يغتصبني|يعتدي علي|يتحرش بي|يهددني|يخنقني|يلمسني)|تعرضت (?:للاغتصاب|للضرب)|تم اغتصابي|يهددني بالقتل/,
  ],
  [
    'imminent',
    'medical',
    /(?:تناولت|أخذت|اخذت|بلعت|شربت|ابتلعت) (?:كل|جميع|علبة|الكثير من|عشرين|ثلاثين|\d{2,}) ?(?:\S+ ){0,2}(?:الحبوب|الأدوية|الادوية|حبة|حبوب|الأقراص|دواء)|جرعة زائدة/,
  ],
  // Hindi
  [
    'ideation',
    'suicide',
    /(?:मरना|मर जाना|आत्महत्या करना|खुद को मारना|ख़ुद को मारना|खुद को खत्म करना|जान देना) (?:चाहता|चाहती|है|चाहते)|(?:जीना|जिंदा रहना|ज़िंदा रहना|जीने) (?:नहीं|ही नहीं) (?:चाहता|चाहती|है)|जीना नहीं|आत्महत्या (?:कर|के|करने|का)|खुदकुशी|अपनी जान (?:ले|दे)|जीने का (?:कोई )?मन नहीं|काश मैं मर/,
  ],
  [
    'ideation',
    'self-harm',
    /(?:खुद को|ख़ुद को|अपनी कलाई|अपने हाथ|अपना हाथ) (?:\S+ )?(?:काट|चोट पहुँचा|चोट पहुंचा|नुकसान)/,
  ],
  [
    'ideation',
    'abuse',
    /(?:पति|पिता|पापा|सौतेले पिता|बॉयफ्रेंड|चाचा|भाई|वह|वो) (?:\S+ )?(?:मुझे|मुझसे) (?:\S+ )?(?:मारता|मारते|पीटता|पीटते|पीटा|छूता|छूते|धमकी|गला)|(?:मुझे|मुझको) (?:\S+ )?(?:मारता|मारते|पीटता|पीटते) (?:है|हैं)|बलात्कार (?:किया|हुआ)|मेरा रेप/,
  ],
  [
    'imminent',
    'medical',
    /(?:सारी|सभी|बहुत सारी|पूरी|\d{2,}) ?(?:\S+ ){0,2}(?:गोलियां|गोलियाँ|दवाइयां|दवाइयाँ|दवा|गोली) (?:\S+ )?(?:खा|निगल|ले) ?(?:ली|लीं|लिया|चुक)|ज़हर खा|जहर खा/,
  ],
  // Japanese
  [
    'ideation',
    'suicide',
    /死にたい|しにたい|消えたい(?:です)?(?!ほど恥)|自殺(?:し|を考|した|未遂|願望|する)|生きて(?:い)?たくない|生きるのが(?:つらい|辛い|嫌)|もう生きて(?:い)?(?:け|られ)ない|命を絶|首を吊|飛び降り(?:たい|よう|ます)|死のう(?:と|かな)|生きる意味がない|いなくなりたい|死んだほうがまし|死んだ方がまし/,
  ],
  ['ideation', 'self-harm', /リスカ|リストカット|自傷|(?:手首|腕)を切(?:っ|り|る)|自分を(?:切|傷つけ)/],
  [
    'ideation',
    'abuse',
    /(?:夫|旦那|父|彼氏|義父|彼|叔父|母|元彼|兄|パパ)(?:が|に)(?:\S*?)(?:殴|叩か|レイプ|暴力|首を絞|触られ|触って|襲わ|脅)|レイプされ|性的(?:暴行|虐待)|虐待され|DVを受け|殺すと(?:脅|言わ)/i,
  ],
  [
    'imminent',
    'medical',
    /(?:薬|睡眠薬|錠剤)を?(?:全部|全て|大量に|たくさん|\d{2,}(?:錠|粒))\S*(?:飲|のん)|(?:全部|大量に|\d{2,}錠)\S*薬を?\S*飲|オーバードーズ|過剰摂取/,
  ],
  // Chinese
  [
    'ideation',
    'suicide',
    /(?:我?(?:真的|好|很|就)?(?:想|要|宁愿|寧願))(?:去)?(?:死(?!你|我了|神|党|黨|机|磕|守|角)|自杀|自殺|结束生命|結束生命|结束(?:我|自己)的生命|一死了之|永远消失|永遠消失)|不想(?:再)?活(?:了|下去|着|著)?(?!在)|活着没(?:有)?意(?:思|义)|活著沒(?:有)?意(?:思|義)|活不下去|自杀(?!预防|率|热线|干预)|自殺(?!預防|率|熱線)|轻生|輕生|结束自己|了结自己|跳楼|跳樓|割腕|上吊|没有我(?:会|大家)?更好/,
  ],
  ['ideation', 'self-harm', /自残|自殘|割(?:自己|手腕|手臂|腕)|划(?:自己|手臂)|伤害自己|傷害自己/],
  [
    'ideation',
    'abuse',
    /(?:老公|丈夫|爸爸|父亲|父親|继父|繼父|男朋友|男友|他|叔叔|前男友|妈妈)(?:\S{0,6})(?:打我|强奸|強姦|性侵|虐待我|掐我|家暴|威胁(?:要)?(?:杀|我)|威脅|摸我|猥亵|猥褻)|我被(?:强奸|強姦|性侵|家暴|虐待|打了)|家暴我/,
  ],
  [
    'imminent',
    'medical',
    /(?:吃|吞|服)(?:了|下)(?:\S{0,4})(?:所有|全部|一整瓶|整瓶|一瓶|很多|大量|\d{2,}[片颗粒])(?:\S{0,4})(?:药|藥|安眠)|把(?:\S{0,6})(?:药|藥|安眠药)(?:\S{0,4})(?:全|都)(?:吃|吞)|(?:药|藥)(?:全部?|都)(?:吃|吞)|喝(?:了)?农药|喝(?:了)?農藥|服毒|过量服药/,
  ],
];

/** An explicit statement in a language other than English, null where there is none. */
export function plainWords(text: string): Rule | null {
  const without = bare(text);
  const statement = lastGravest(inLatinLetters, without) ?? lastGravest(inTheirLetters, text);
  return statement && { grade: statement[0], kind: statement[1], pattern: statement[2], certainty: 0.9 };
}

function lastGravest(statements: readonly Statement[], text: string): Statement | null {
  const said = statements.filter(([, , pattern]) => pattern.test(text));
  return said.find(([grade]) => grade === 'imminent') ?? said[0] ?? null;
}
