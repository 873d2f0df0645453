import { describe, expect, it } from 'vitest';
import { isContextOverflow, overflowSizes, readServerError } from '../../../inference/remote/server-error.js';

describe('readServerError', () => {
  it.each([
    [
      { error: { message: 'no', type: 'BadRequestError', param: 'top_k', code: 400 } },
      { message: 'no', type: 'BadRequestError', param: 'top_k', code: 400 },
    ],
    [{ error: 'model "x" not found' }, { message: 'model "x" not found' }],
    [
      { object: 'error', message: 'bad', code: 40301 },
      { message: 'bad', code: 40301 },
    ],
    [
      { text: 'CUDA out of memory', error_code: 50002 },
      { message: 'CUDA out of memory', code: 50002 },
    ],
    [{ detail: 'Not Found' }, { message: 'Not Found' }],
    [
      { detail: [{ loc: ['body', 'top_k'], msg: 'Extra inputs are not permitted' }] },
      { message: 'body.top_k: Extra inputs are not permitted' },
    ],
    [{ error: { code: 'oops' } }, { message: '{"code":"oops"}', code: 'oops' }],
  ])('reads %j', (body, expected) => {
    expect(readServerError(body)).toEqual(expected);
  });

  it.each([[null], ['text'], [[]], [{}], [{ choices: [] }], [{ text: 'fine', error_code: 0 }]])(
    'finds none in %j',
    (body) => {
      expect(readServerError(body)).toBeNull();
    },
  );
});

describe('context overflow', () => {
  it.each([
    [
      'vLLM',
      "This model's maximum context length is 2048 tokens. However, you requested 2300 tokens (2044 in the messages, 256 in the completion).",
      { tokens: 2_300, window: 2_048 },
    ],
    [
      'newer vLLM',
      "'max_tokens' is too large: 4096. This model's maximum context length is 2048 tokens and your request has 5 input tokens.",
      { tokens: 5, window: 2_048 },
    ],
    [
      'SGLang',
      "The input (2500 tokens) is longer than the model's context length (2048 tokens).",
      { tokens: 2_500, window: 2_048 },
    ],
    [
      'llama.cpp',
      'request (700 tokens) exceeds the available context size (512 tokens), try increasing it',
      { tokens: 700, window: 512 },
    ],
    [
      'OpenAI',
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
      { tokens: 9_001, window: 8_192 },
    ],
  ])('is recognised in the words of %s', (_server, message, sizes) => {
    expect(isContextOverflow({ message })).toBe(true);
    expect(overflowSizes({ message })).toEqual(sizes);
  });

  it('is recognised by code or type alone', () => {
    expect(isContextOverflow({ message: '', code: 'context_length_exceeded' })).toBe(true);
    expect(isContextOverflow({ message: '', type: 'exceed_context_size_error' })).toBe(true);
    expect(isContextOverflow({ message: '', code: 40303 })).toBe(true);
    expect(isContextOverflow({ message: 'temperature must be positive', code: 400 })).toBe(false);
  });
});
