/** Behind a name, and none of it. */
const suffix = /^(?:jr|sr|ii|iii|iv)\.?$/i;

/** The first letters of the first and the last name; brackets, signs and "Jr." are no names. */
export function initials(name: string): string {
  const words = name.replace(/[([{].*$/u, '').split(/\s+/);
  const [first = '', ...others] = words
    .filter((word) => !suffix.test(word))
    .flatMap((word) => /^[^\p{L}]{0,2}(\p{L}\p{M}*)/u.exec(word)?.[1] ?? []);
  return `${first}${others.at(-1) ?? ''}`.toUpperCase();
}
