import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { RapportError } from '../../config/errors.js';
import type { Logger } from '../../src/telemetry/logger.js';

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
  const fields = new Set(parsed.error.issues.map(({ path }) => path.map(String).join('.')));
  const [param = ''] = fields;
  throw new RapportError('RAPPORT_E_INPUT_INVALID', {
    problems,
    ...(fields.size === 1 && param !== '' && { param }),
  });
}

/** Page through a list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** What is read of a refused body, bytes: enough for a slip, too little for an attack. */
const maxReadAway = 16_000_000;

/** Reads a refused body to its end, for a client that is still sending would see a broken connection and not the answer. */
export async function readAway({ body }: Request): Promise<void> {
  if (!body || body.locked) return;
  const reader = body.getReader();
  let size = 0;
  for (let part = await reader.read(); !part.done && size < maxReadAway; part = await reader.read())
    size += part.value.byteLength;
  reader.releaseLock();
}

/** Turns anything thrown into a coded error; what is not coded gets a reference that the log can be searched for. */
export function toCoded(thrown: unknown, logger: Logger, reference: string): RapportError {
  if (thrown instanceof RapportError) return thrown;
  logger.error(
    { reference, stack: thrown instanceof Error ? thrown.stack : String(thrown) },
    'unexpected error in a request',
  );
  return new RapportError('RAPPORT_E_INTERNAL', { reference }, thrown);
}

/** The body of every error of the JSON API. */
export function errorBody(error: RapportError): { error: { code: string; message: string; cure: string } } {
  return { error: { code: error.code, message: error.message, cure: error.cure } };
}

export function errorResponse(context: Context, error: RapportError): Response {
  if (error.code === 'RAPPORT_E_RATE_LIMITED')
    context.header('Retry-After', String(error.details.seconds ?? 1));
  if (error.code === 'RAPPORT_E_UNAUTHORIZED') context.header('WWW-Authenticate', 'Bearer');
  const body = context.req.path.startsWith('/v1/') ? openAiErrorBody(error) : errorBody(error);
  return context.json(body, error.status as ContentfulStatusCode);
}

const openAiTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_exceeded',
};

/** The body of every error below /v1, and the event of one in a stream, as OpenAI's clients read them. */
export function openAiErrorBody({ message, cure, code, status, details }: RapportError): {
  error: { message: string; type: string; code: string; param: string | null };
} {
  const type = openAiTypes[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return {
    error: {
      message: `${message}${/[.!?…]$/u.test(message) ? '' : '.'} ${cure}`,
      type,
      code,
      param: typeof details.param === 'string' ? details.param : null,
    },
  };
}
