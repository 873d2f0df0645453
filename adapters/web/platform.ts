import type { Platform } from '../platform.js';

/** Opened by the HTTP server (app/server.ts), whose settings are everybody's (`server`). */
export const web: Platform = {
  name: 'web',
  title: 'Web page',
  configSchema: null,
  secrets: [],
  environment: [],
  locale: [],
  doctor: async (loaded) => (await import('./doctor.js')).webChecks(loaded),
  personData: { example: 'web:<uuid>' },
};
