import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { RapportError, reasonOf } from './errors.js';
import { packageRoot } from './root.js';

const date = z.union([z.iso.date(), z.date()]).transform((value) => new Date(value).getTime());

const lineSchema = z
  .strictObject({
    name: z.string().min(1),
    /** What it helps with. */
    for: z
      .array(z.enum(['suicide', 'self-harm', 'distress', 'abuse', 'violence', 'child', 'poison', 'eating']))
      .min(1),
    phone: z.string().min(2).optional(),
    text: z.string().min(2).optional(),
    chat: z.url({ protocol: /^https$/ }).optional(),
    hours: z.string().min(1),
    languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1),
    source: z.url({ protocol: /^https?$/ }),
    /** When somebody last read at the source, or at two others that agree, that it is so; ms since the epoch. */
    checked: date.optional(),
    /** False where nobody could read it there. */
    confirmed: z.literal(false).optional(),
  })
  .refine(({ phone, text, chat }) => phone ?? text ?? chat, 'a way to reach it: phone, text or chat')
  .refine(
    ({ checked, confirmed }) => (checked === undefined) === (confirmed === false),
    'either checked (a date) or confirmed: false',
  );

const countrySchema = z.strictObject({
  country: z.union([z.string().regex(/^[A-Z]{2}$/), z.literal('international')]),
  name: z.string().min(1),
  emergency: z.array(z.string().regex(/^\d{2,5}$/)).min(1),
  lines: z.array(lineSchema).min(1),
});

export type Helpline = z.infer<typeof lineSchema>;
export type CountryHelp = z.infer<typeof countrySchema>;

/** Help by country (ISO 3166, two letters) and `international`, from config/helplines. */
export type HelplineTable = ReadonlyMap<string, CountryHelp>;

/** A line that was checked longer ago has to be checked again, days. */
export const helplineMaxDays = 400;

/**
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE naming the file that cannot be read, does not fit, or names a country that
 *   its own name does not.
 */
export function loadHelplines(folder: string = join(packageRoot, 'config/helplines')): HelplineTable {
  const countries = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readCountry(join(folder, name), name));
  return new Map(countries.map((country) => [country.country, country]));
}

/** Lines nobody could confirm, and lines whose check is older than {@link helplineMaxDays}, as `COUNTRY name`. */
export function staleHelplines(
  table: HelplineTable,
  now: number,
): { readonly old: readonly string[]; readonly unconfirmed: readonly string[] } {
  const lines = [...table.values()].flatMap(({ country, lines }) =>
    lines.map((line) => ({ label: `${country} ${line.name}`, ...line })),
  );
  return {
    old: lines
      .filter(({ checked }) => checked !== undefined && now - checked > helplineMaxDays * 86_400_000)
      .map(({ label }) => label),
    unconfirmed: lines.filter(({ confirmed }) => confirmed === false).map(({ label }) => label),
  };
}

function readCountry(file: string, name: string): CountryHelp {
  try {
    const country = countrySchema.parse(parse(readFileSync(file, 'utf8')));
    if (`${country.country.toLowerCase()}.yaml` !== name) throw new Error(`it is about ${country.country}`);
    return country;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason }, error);
  }
}
