import type { ModelServerOptions, RecordedRequest } from './behaviour.js';
import { type Answer, overflowAnswer, unknownFieldAnswer, unknownModelAnswer } from './errors.js';
import { countTokens, promptText } from './plan.js';

/** A request that passed the server's checks. */
export interface Accepted {
  readonly model: string;
  readonly promptTokens: number;
}

/** Checks fields, model name and window in the order real servers do. */
export function check(
  body: RecordedRequest['body'],
  options: ModelServerOptions,
  models: ReadonlyMap<string, string>,
): Accepted | { readonly refusal: Answer } {
  const dialect = options.dialect ?? 'vllm';
  if (body === null) {
    return {
      refusal: {
        status: 400,
        body: { error: { message: 'The body is not JSON.', type: 'BadRequestError', code: 400 } },
      },
    };
  }
  const refused = options.refuseFields?.find((field) => field in body);
  if (refused !== undefined) return { refusal: unknownFieldAnswer(dialect, refused) };
  // llama.cpp serves one model whatever it is called.
  const model = dialect === 'llama.cpp' ? [...models.values()][0] : models.get(String(body.model));
  if (model === undefined) return { refusal: unknownModelAnswer(dialect, String(body.model)) };
  const promptTokens = countTokens(promptText(body), options.counting ?? 'words');
  const reserved = dialect === 'llama.cpp' || typeof body.max_tokens !== 'number' ? 0 : body.max_tokens;
  const window = options.contextTokens ?? Number.POSITIVE_INFINITY;
  if (promptTokens + reserved > window)
    return { refusal: overflowAnswer(dialect, promptTokens, reserved, window) };
  return { model, promptTokens };
}
