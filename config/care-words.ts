import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from './root.js';

const wordings = z.array(z.string().min(1)).min(1);

const careWordsSchema = z.strictObject({
  /** The platform steps out of the character. */
  opening: wordings,
  /** What was heard, by kind. */
  heard: z.strictObject({
    suicide: wordings,
    'self-harm': wordings,
    abuse: wordings,
    violence: wordings,
    medical: wordings,
    other: wordings,
  }),
  /** In place of opening and heard where it was said before; two at least, so that none comes twice running. */
  again: z.array(z.string().min(1)).min(2),
  ai: z.string().min(1),
  lines: z.string().min(1),
  emergency: z.string().includes('{numbers}'),
  emergencyUnknown: z.string().min(1),
  /** Where it is not known where they are: how they can say it, by the control code. */
  where: z.string().includes('!country'),
  /** Where people of the operator's can be told: how they ask for that. */
  human: z.string().includes('!human'),
  question: z.strictObject({ person: wordings, medical: wordings, other: wordings }),
  call: z.string().includes('{number}'),
  text: z.string().includes('{number}'),
  /** One sentence for who is low and not in danger. */
  offer: z.string().includes('{line}'),
  /** What is said of what the character says. */
  spoken: z.strictObject({
    /** To whoever asks whether they talk to a human being. */
    truth: z.string().min(1),
    /** Its words were withheld. */
    withheld: z.string().min(1),
    /** What is said in their place, by what was wrong with them. */
    instead: z.strictObject({
      'self-harm': z.string().min(1),
      minors: z.string().min(1),
      threat: z.string().min(1),
      human: z.string().min(1),
      dosing: z.string().min(1),
      dependency: z.string().min(1),
      secrecy: z.string().min(1),
    }),
  }),
});

export type CareWords = z.infer<typeof careWordsSchema>;

/** The words of the care answer by language, from config/locales/care.<code>.yaml. */
export function loadCareWords(): ReadonlyMap<string, CareWords> {
  const folder = join(packageRoot, 'config/locales');
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const code = /^care\.([a-z]{2})\.yaml$/.exec(name)?.[1];
      return code ? [[code, careWordsSchema.parse(parse(readFileSync(join(folder, name), 'utf8')))]] : [];
    }),
  );
}
