const listMark = /^(?:[-*+•‣◦·–—#>=~_|]{1,20}|\d{1,3}[.)])(?:\s+|$)/u;
/** Marks that make what follows a name look like a rule, a tag or a header. */
const separators = /\s*(?:[:：<>{}[\]`*#|]|\s[-–—+•‣◦·]+\s)\s*/gu;

/**
 * A name as it is kept: its first line, without a mark of a list or a header in front, at most `units` UTF-16 units. A name
 * that is none any more is `fallback`. Names as people write them stay as they are.
 */
export function nameLine(name: string, fallback: string, units: number): string {
  const [first = ''] = name.split(/[\n\r\v\f\u0085\u2028\u2029]+/).filter((line) => line.trim() !== '');
  let line = first
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  while (listMark.test(line)) line = line.replace(listMark, '');
  return line.slice(0, units).toWellFormed().trim() || fallback;
}

/** A name fit to stand in the midst of rules: as {@link nameLine}, up to what could begin a rule of its own; 60 units. */
export function nameInRules(name: string): string {
  const parts = nameLine(name, '', name.length).split(separators);
  return nameLine(parts.find((part) => part.trim() !== '') ?? '', 'the character', 60);
}
