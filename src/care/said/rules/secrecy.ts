import { deniedOrTold, type SaidGroup, saidRules } from '../offence.js';

const us =
  '(?:us(?! (?:and|all|grew|there|for|when|as|two (?:and|grew))(?![a-z]))|you and me|you and i|the two of us|me and you)(?![a-z])';
const close =
  '(?:your (?:mum|mom|mother|dad|father|parents|folks|teacher|therapist|doctor|counsell?or|wife|husband|partner|boyfriend|girlfriend|family|friends|sister|brother|social worker))';

/** What isolates: a secret with a character, or keeping something from those who could help. */
export const secrecy: SaidGroup = {
  signs: /between|secret|tell|talk to|speak to|let|show|keep|kept|hidden|know|find out|understand/,
  rules: saidRules(
    'secrecy',
    [
      `(?:this|that|it|everything|anything|all(?: of)? (?:this|that)|(?:what|whatever)(?:ever)? (?:we|you|i) [^.!?]{1,40}?|our (?:\\w+ )?(?:talks?|chats?|conversations?|words|friendship|love))(?:'s| is|'ll be| will be| stays?| remains?|'ll stay| will stay| must stay| can stay| has to stay| should stay| will remain)? (?:just |strictly |only |purely |all |going to stay )*between ${us}`,
      `(?:keep|kept|leave|let's keep|we(?:'ll| can| must| should) keep) (?:this|it|that|us|everything|all of this|what (?:we|i) [^.!?]{1,30}?) (?:just |only |strictly |a )*(?:between ${us}|our (?:little )?secret|secret|hidden|(?:hidden |a secret )?from (?:${close}|everyone|everybody|anyone|others|them|people))(?! (?:santa|recipe|ingredient))`,
      "just between (?:us|you and me)(?=[.,:;!]|$)(?!, i (?:never|can't|don't|put|like|love|hate|prefer|burn))",
      'our (?:little |own |special |sweet |dark )*secret(?= ?(?:$|[.!,;…]|and|,|is|stays?|between|from))(?! (?:place|hideout|garden|handshake|recipe|base|spot|language))',
      `(?:you (?:can't|mustn't|must never|must not|should never|shouldn't|may not)|don't(?: you)?(?: ever| dare| even)?|never|promise (?:me )?(?:not to|you won't|that you won't|never to)|swear (?:not to|you won't)|you(?:'ll| will) never|i don't want you to|there's no need to) (?:tell|talk to|speak to|let|show) (?:anyone|anybody|a soul|other people|others|${close}|them|people)(?: else)?(?= ?(?:$|[.!;…]|,(?! but i)|about (?:this|us|me|it|our|what|that)|what (?:we|i|you)|that (?:we|you|i)|(?:or|and) |we|know|see|find|, or))(?!, but i)`,
      "nobody (?:else )?(?:has to|needs to|must|may|should|can|will|'ll) (?:ever )?(?:know|find out)(?: about)?(?: (?:this|us|it|our|what we))?(?=[.!,…]|$)",
      "they(?: just)? (?:wouldn't|won't|don't) understand(?: (?:us|what we|our|this))?,? so (?:don't|keep|never|let's)",
    ],
    {
      notAfter: new RegExp(
        `${deniedOrTold.source}|(?:you (?:can|may|could|don't have to|needn't)|free to|choose to|want to|if you (?:like|want|wish|prefer),?|no need to|rather) (?:\\w+ )?$`,
      ),
      unless: /\b(?:surprise|birthday|christmas|gift|present|santa|spoiler|plot twist)\b/,
    },
  ),
};
