import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { RapportError } from '../../config/errors.js';
import type { Logger } from '../../src/telemetry/logger.js';

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
  return context.json(errorBody(error), error.status as ContentfulStatusCode);
}
