import type { AttributeTable } from '../../config/attributes.js';

/** The words a chat model is given for an aspect value; undefined where there is no such attribute or value. */
export function aspectWords(
  { attributes }: AttributeTable,
  attribute: string,
  value: string,
): string | undefined {
  const values = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  return values && Object.hasOwn(values, value) ? values[value] : undefined;
}

/** The words for the aspect values a character is set to; unknown names are left out. */
export function styleWords(
  set: Readonly<Record<string, string>>,
  table: AttributeTable,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(set).flatMap(([name, value]) => {
      const words = aspectWords(table, name, value);
      return words ? [[name, words]] : [];
    }),
  );
}
