import type { Context } from 'hono';
import { z } from 'zod';
import { RapportError } from '../../config/errors.js';

/**
 * The JSON body of a request, validated.
 * @throws RapportError RAPPORT_E_INPUT_INVALID naming every wrong field.
 */
export async function bodyOf<T extends z.ZodType>(context: Context, schema: T): Promise<z.infer<T>> {
  const value: unknown = await context.req.json().catch((error: unknown) => {
    if (error instanceof RapportError) throw error;
    throw new RapportError('RAPPORT_E_INPUT_INVALID', { problems: 'the body is not JSON' }, error);
  });
  return validated(schema, value);
}

/** A request with thousands of mistakes is not answered with all of them. */
const longestProblems = 2_000;

/** @throws RapportError RAPPORT_E_INPUT_INVALID naming every wrong field. */
export function validated<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`)
    .join('; ')
    .slice(0, longestProblems);
  throw new RapportError('RAPPORT_E_INPUT_INVALID', { problems });
}

/** Page through a list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
