/** Words that follow "I'm" in capitals without being a name. */
const notNames =
  /^(?:I|OK|Okay|Sorry|So|Not|Just|Glad|Here|Sure|Very|Really|Happy|From|A|An|The|In|At|On|[A-Z]+)$/;

/**
 * Whether a reply says another name or age than the persona ("You are Ada Lind, a 34-year-old woman …"). Only plain
 * first-person claims are looked at; a persona without a name or an age is never contradicted.
 */
export function contradictsPersona(reply: string, persona: string): boolean {
  return otherName(reply, persona) || otherAge(reply, persona);
}

function otherName(reply: string, persona: string): boolean {
  const own = /^\s*You are ((?:\p{Lu}[\p{L}'’-]*\s?)+)/u.exec(persona)?.[1];
  if (!own) return false;
  const known = new Set(persona.toLowerCase().match(/[\p{L}'’-]+/gu) ?? []);
  const claims = [
    ...reply.matchAll(/\b(?:my name is|my name['’]s|call me)\s+(\p{Lu}[\p{L}'’-]*)/giu),
    ...reply.matchAll(/\bI(?:['’]m| am)\s+(\p{Lu}\p{Ll}[\p{L}'’-]*)(?=[,.!?]|\s+(?:and|from)\b|\s*$)/gu),
  ];
  return claims.some(([, name = '']) => !notNames.test(name) && !known.has(name.toLowerCase()));
}

function otherAge(reply: string, persona: string): boolean {
  const own =
    /\b(\d{1,3})[- ]years?[- ]old\b/i.exec(persona)?.[1] ?? /\baged? (\d{1,3})\b/i.exec(persona)?.[1];
  if (!own) return false;
  const claim = /\bI(?:['’]m| am)\s+(?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|\s*(?:[,.!?]|and\b|$))/iu.exec(
    reply,
  )?.[1];
  return claim !== undefined && claim !== own;
}
