import { z } from 'zod';
import { RapportError } from '../../config/errors.js';

/** Where the user is: of ours, and never a reason to refuse what somebody wrote. */
const hint = z.string().trim().min(1).max(100).nullish().catch(null);

/** What every form of a request has. */
export const commonFields = {
  model: z.string().min(1).max(120),
  stream: z.boolean().nullish(),
  /** Empty: nobody in particular, as clients send it whose setting is empty. */
  user: z.string().max(200).nullish(),
  tools: z.array(z.unknown()).nullish(),
  top_logprobs: z.number().nullish(),
  country: hint,
  time_zone: hint,
  locale: hint,
} as const;

const commonSchema = z.object(commonFields);
export type CommonFields = z.infer<typeof commonSchema>;

/** A field that asks for something else than one reply in plain words. */
export interface Refused {
  readonly param: string;
  readonly why: string;
}

export const plainWords = 'a character answers in plain words';

/**
 * Refuses what is asked for and not given here, for ignoring it would look like obeying.
 * @throws RapportError RAPPORT_E_INPUT_INVALID naming each field.
 */
export function refuse(refused: readonly Refused[]): void {
  const [first] = refused;
  if (!first) return;
  throw new RapportError('RAPPORT_E_INPUT_INVALID', {
    problems: refused.map(({ param, why }) => `${param}: ${why}`).join('; '),
    ...(refused.length === 1 && { param: first.param }),
  });
}
