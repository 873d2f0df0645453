/** "Please remember my sister is Ana", "remember that I work nights", "don't forget: my exam is in May". */
const asks =
  /^\W*(?:(?:hey|hi|ok|okay|oh|so|and|also|btw|by the way)[,!]? )?(?:(?:please|pls|plz|can you|could you|will you|would you|i(?:['’]d| would) like you to|i want you to|(?:make|take) a) (?:please )?)?(?:remember|keep in mind|bear in mind|don['’]?t forget|do not forget|never forget|note(?: down)?|memori[sz]e)(?: this| for (?:me|later|next time|the future))?(?: please)?(?:,? that\b|:|,)? (?<fact>.+)$/is;
/** About whoever writes, as a statement: "my …", "I …", "Ana is my sister". */
const ofThemselves =
  /^(?:i(?:['’](?:m|ve|d|ll))?|my|mine|we(?:['’](?:re|ve|ll))?|our)\b(?=.*\s)|^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)? (?:is|was) (?:my|our)\b/isu;
/** "remember when we met", "I remember", "remember to call", "remember me": no statement, or one of another kind. */
const noStatement =
  /^(?:when|how|what|who|why|where|which|whether|if|to|me\b|us\b|the time|the day|this\b|it\b|you\b)/i;
const longest = 300;

/**
 * The fact that a message in plain words asks to be remembered; null where it asks for nothing of the kind. English and cautious:
 * one sentence, a statement about whoever writes, and no question.
 */
export function askedToRemember(text: string): string | null {
  const message = text.replace(/\s+/g, ' ').trim();
  if (message.length > longest) return null;
  const polite = /^\W*(?:can|could|will|would) you\b/i.test(message);
  const whole = polite ? message.replace(/\?+$/, '') : message;
  if (whole.includes('?')) return null;
  const fact = asks
    .exec(whole)
    ?.groups?.fact?.replace(/,? (?:please|ok|okay|thanks|thank you)\W*$/i, '')
    .trim();
  if (!fact || noStatement.test(fact) || !ofThemselves.test(fact)) return null;
  if (/\byou\b/i.test(fact)) return null;
  if (/[.!]\s+\S/.test(fact) || fact.split(/[ '’]/).length < 3) return null;
  return fact.charAt(0).toUpperCase() + fact.slice(1);
}
