import type { ModelServerOptions, RecordedRequest } from './behaviour.js';
import type { Answer } from './errors.js';
import { countTokens } from './plan.js';

/** Answers `POST /tokenize` the way vLLM or llama.cpp does, or not at all. */
export function tokenizeAnswer(body: RecordedRequest['body'], options: ModelServerOptions): Answer {
  const dialect = options.dialect ?? 'vllm';
  const served = options.tokenize ?? (dialect === 'vllm' || dialect === 'llama.cpp' ? dialect : 'none');
  if (served === 'none') return { status: 404, body: { detail: 'Not Found' } };
  const text = body?.[served === 'vllm' ? 'prompt' : 'content'];
  if (served === 'vllm' && typeof text !== 'string') {
    return {
      status: 422,
      body: { detail: [{ type: 'missing', loc: ['body', 'prompt'], msg: 'Field required' }] },
    };
  }
  const count = countTokens(typeof text === 'string' ? text : '', options.counting ?? 'words');
  const tokens = Array.from({ length: count }, (_, index) => index);
  if (served === 'llama.cpp') return { status: 200, body: { tokens } };
  return { status: 200, body: { count, max_model_len: options.contextTokens ?? 4_096, tokens } };
}
