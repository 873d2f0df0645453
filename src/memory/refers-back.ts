import { asksBack } from './told-back.js';

/** "Do you remember …", "did I tell you", "what did we talk about": about what was said between the two. */
const asksInEnglish =
  /\b(?:do|did|can|could|will|don['’]?t) (?:you|u) (?:still |even |ever )?(?:remember|recall|forget)\b|\b(?:remember|recall)\b[^.!]{0,120}\?|^\W*remember (?:when|that|how|what|who|my|the|i|we|our|me)\b|\b(?:did|have|had) (?:i|we|you) (?:\p{L}+ )?(?:say|said|tell|told|mention(?:ed)?|talk(?:ed)?|speak|spoken|discuss(?:ed)?|ask(?:ed)?|write|written|recommend(?:ed)?|suggest(?:ed)?)\b|\b(?:i|we|you) (?:once |already |first |just |last )?(?:said|told|mentioned|talked|spoke|discussed|wrote|recommended|suggested|promised|were (?:saying|telling|talking))\b|\bas i (?:said|told)\b|\b(?:our|that) (?:last |earlier |previous )?(?:talk|chat|conversation)\b|\blast time\b|\bwhat do you know about me\b/iu;
const asksInOtherLanguages =
  /erinnerst du|wei(?:ß|ss)t du noch|(?:hab(?:e)?|hatte) ich (?:dir )?[^.?!]{0,40}(?:erz[äa]hlt|gesagt|geschrieben)|(?:tu te|vous vous) (?:souviens|souvenez|rappelles|rappelez)|je (?:t['’]|vous )(?:ai|avais) (?:dit|parl|racont)|te acuerdas|recuerdas|te (?:dije|cont[ée]|habl[ée])|lembras?-?te|lembra[s-]|te (?:disse|contei|falei)|ti ricordi|ti (?:ho|avevo) (?:detto|parlat|raccontat)|weet je nog|herinner je|heb ik (?:je )?[^.?!]{0,40}(?:verteld|gezegd)|pami[ęe]tasz|m[óo]wi[łl][ae]m (?:ci|o)|помнишь|помните|я (?:говорил|рассказывал|писал)|говорио? сам|сећаш|sećaš|sjećaš|hat[ıi]rl[ıi]yor mu|s[öo]ylemi[şs]tim|anlatm[ıi][şs]t[ıi]m|覚えて(?:る|い|ま)|言った(?:っけ|よね)|记得|記得|说过|說過|提到过|تتذكر|هل تذكر|قلت لك|याद है|बताया था/iu;
const talks =
  /\b(?:talk|talked|talking|said|say|tell|told|mention|mentioned|wrote|written|chat|chatted|spoke|discuss|discussed|asked)\b/i;

/** Whether a message asks about, or points to, what was said between the two before. */
export function refersBack(text: string, namesTime: boolean): boolean {
  if (asksBack(text) || asksInEnglish.test(text) || asksInOtherLanguages.test(text)) return true;
  return namesTime && (talks.test(text) || text.includes('?'));
}
