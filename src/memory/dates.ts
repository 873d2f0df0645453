const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** Months named in an English text, 1 to 12. */
export function monthsIn(text: string): ReadonlySet<number> {
  const words = new Set(text.toLowerCase().match(/\p{L}+/gu) ?? []);
  return new Set(months.flatMap((month, place) => (words.has(month) ? [place + 1] : [])));
}

/** Numbers of at most two digits that may be a day of a month; those of a time of day (`1:56 pm`) are none. */
export function numbersIn(text: string): ReadonlySet<number> {
  const found = text.toLowerCase().matchAll(/(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|\p{L})/gu);
  return new Set([...found].map(([, digits]) => Number(digits)).filter((day) => day >= 1 && day <= 31));
}
