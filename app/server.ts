import { platforms } from '../adapters/index.js';
import { OpenAiApiAdapter } from '../adapters/openai-api/openai-api-adapter.js';
import { openAiRoutes } from '../adapters/openai-api/routes.js';
import { type HttpServer, startHttpServer } from '../adapters/web/http-server.js';
import { WebAdapter } from '../adapters/web/web-adapter.js';
import type { WebServices } from '../adapters/web/web-services.js';
import type { LoadedConfig } from '../config/load.js';
import { version } from '../config/root.js';
import { systemClock } from '../src/clock.js';
import type { Logger } from '../src/telemetry/logger.js';
import { type Core, composeCore } from './core.js';

export interface Server {
  readonly core: Core;
  readonly http: HttpServer;
  close(graceMs: number): Promise<void>;
}

/** The whole platform: core, HTTP server and every configured adapter. */
export async function composeServer(loaded: LoadedConfig, logger: Logger): Promise<Server> {
  const web = new WebAdapter(systemClock.now);
  const api = new OpenAiApiAdapter(systemClock.now);
  const { secrets } = loaded;
  const core = await composeCore(
    loaded,
    async (services) => {
      const opened = await Promise.all(platforms.map(({ create }) => create?.({ services, secrets })));
      return [web, api, ...opened.flatMap((adapter) => adapter ?? [])];
    },
    logger,
  );
  let closing = false;
  const services: WebServices = {
    ...core.services,
    version,
    apiKey: loaded.secrets.RAPPORT_API_KEY ?? null,
    sessions: core.sessions,
    events: core.events,
    locale: core.locale,
    ready: async () => !closing && (await core.store.health()).ok,
  };
  try {
    const http = await startHttpServer(services, web, openAiRoutes(services, api));
    return {
      core,
      http,
      close: async (graceMs) => {
        closing = true;
        await core.close(graceMs);
        await http.stop();
      },
    };
  } catch (error) {
    await core.close(0);
    throw error;
  }
}
