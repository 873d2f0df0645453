/** The avatar of a character, or the address of its drawn face where the template asks for the `{id}`. */
export function avatarOf(
  { id, avatar }: { readonly id: string; readonly avatar: string },
  template: string,
): string {
  return template.includes('{id}') ? template.replace('{id}', encodeURIComponent(id)) : avatar;
}

/**
 * The picture of a character's face: an avatar that is an address itself, or the picture of an emoji.
 *
 * @param avatar an http(s) address or an emoji.
 * @param template address with `{code}`: the emoji's code points in lower-case hexadecimal, joined by hyphens, as the
 * Twemoji files are named (the variation selector U+FE0F stays only in joined sequences). '' turns pictures off.
 * @returns null where there is no picture.
 */
export function faceUrl(avatar: string | undefined, template: string): string | null {
  if (!avatar) return null;
  if (/^https?:\/\//i.test(avatar)) return avatar;
  if (template === '' || !/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(avatar)) return null;
  const joined = avatar.includes('\u200d');
  const code = [...avatar]
    .filter((sign) => joined || sign !== '\ufe0f')
    .map((sign) => (sign.codePointAt(0) ?? 0).toString(16))
    .join('-');
  return template.replace('{code}', code);
}
