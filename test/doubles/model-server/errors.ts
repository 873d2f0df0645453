import type { ServerDialect } from './behaviour.js';

/** A whole HTTP answer; a string body is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The refusal of a prompt that does not fit the window, as each server words it. */
export function overflowAnswer(
  dialect: ServerDialect,
  prompt: number,
  reply: number,
  window: number,
): Answer {
  const words =
    `This model's maximum context length is ${window} tokens. However, you requested ${prompt + reply} tokens ` +
    `(${prompt} in the messages, ${reply} in the completion). Please reduce the length of the messages or completion.`;
  switch (dialect) {
    case 'vllm':
      return {
        status: 400,
        body: { error: { message: words, type: 'BadRequestError', param: null, code: 400 } },
      };
    case 'fastchat':
      return { status: 400, body: { object: 'error', message: words, code: 40303 } };
    case 'llama.cpp':
      return {
        status: 400,
        body: {
          error: {
            code: 400,
            message: `request (${prompt} tokens) exceeds the available context size (${window} tokens), try increasing it`,
            type: 'exceed_context_size_error',
            n_prompt_tokens: prompt,
            n_ctx: window,
          },
        },
      };
    case 'openai':
      return {
        status: 400,
        body: {
          error: {
            message: words,
            type: 'invalid_request_error',
            param: 'messages',
            code: 'context_length_exceeded',
          },
        },
      };
  }
}

export function unknownModelAnswer(dialect: ServerDialect, model: string): Answer {
  const message = `The model \`${model}\` does not exist.`;
  if (dialect === 'fastchat') return { status: 400, body: { object: 'error', message, code: 40301 } };
  const code = dialect === 'openai' ? 'model_not_found' : 404;
  return { status: 404, body: { error: { message, type: 'NotFoundError', param: 'model', code } } };
}

export function unknownFieldAnswer(dialect: ServerDialect, field: string): Answer {
  if (dialect === 'vllm') {
    const detail = [{ type: 'extra_forbidden', loc: ['body', field], msg: 'Extra inputs are not permitted' }];
    return { status: 422, body: { detail } };
  }
  if (dialect === 'fastchat') {
    return {
      status: 400,
      body: { object: 'error', message: `extra fields not permitted: ${field}`, code: 40001 },
    };
  }
  const message = `Unrecognized request argument supplied: ${field}`;
  return {
    status: 400,
    body: { error: { message, type: 'invalid_request_error', param: null, code: null } },
  };
}

export function badKeyAnswer(sent: string): Answer {
  const message = `Incorrect API key provided: ${sent}.`;
  return {
    status: 401,
    body: { error: { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } },
  };
}
