import type { Platform } from '../platform.js';

/** Opened by the HTTP server (app/server.ts). */
export const openAiApi: Platform = {
  name: 'openai-api',
  title: 'OpenAI-compatible API',
  configSchema: null,
  secrets: [],
  environment: [],
  locale: [],
  personData: { example: 'openai-api:<user>' },
};
