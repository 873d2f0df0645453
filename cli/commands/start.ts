import { Command } from 'commander';
import { platforms } from '../../adapters/index.js';
import { loadConfig } from '../../app/settings.js';

/** Running replies may finish for so long, ms. */
const drainMs = 6_000;
/** Whoever sent the signal waits no longer than this for the end, ms: many kill after ten seconds. */
const longestCloseMs = 9_000;

/** `rapport start`: every configured adapter and the HTTP server, until SIGINT or SIGTERM. */
export function startCommand(): Command {
  return new Command('start')
    .description('start the HTTP server (page, API) and every configured platform')
    .addHelpText(
      'after',
      '\nExample:\n  MODEL_BASE_URL=http://gpu:8000/v1 MODEL_NAME=my-model REDIS_URL=redis://redis:6379 rapport start',
    )
    .action(async () => {
      // Loaded here, so that `rapport --help` is quick.
      const { createLogger } = await import('../../src/telemetry/pino-logger.js');
      const { composeServer } = await import('../../app/server.js');
      const loaded = loadConfig();
      const logger = createLogger(loaded.config.log.level, loaded.secrets);
      const server = await composeServer(loaded, logger);
      const { core } = server;
      const route = core.services.router.routeFor({ id: '', tags: [] });
      process.stdout.write(`Rapport is at ${server.http.url}\n`);
      process.stdout.write(
        `  ${core.bank.all.length} characters · model: ${route.modelName || 'server default'}${route.demo ? ' (the built-in voice)' : ''} · state: ${core.store.kind}\n`,
      );
      const chat = platforms.filter(({ name, create }) => create && core.platforms.includes(name));
      if (chat.length > 0)
        process.stdout.write(`  also on ${chat.map(({ title }) => title).join(' and ')}\n`);
      if (route.demo) {
        process.stdout.write(`  ${core.locale.say('demoModel')}\n`);
        void core.models
          .embedded()
          .warm()
          .catch((error: unknown) =>
            logger.warn({ reason: String(error) }, 'the embedded model could not be loaded yet'),
          );
      }
      void core.models.greet();
      void core.services.scorer
        .prepare?.(core.bank.all)
        .catch((error: unknown) =>
          logger.warn({ reason: String(error) }, 'the characters could not be prepared for matching yet'),
        );
      let closing = false;
      const close = (signal: string): void => {
        if (closing) process.exit(1);
        closing = true;
        logger.info(
          { signal },
          'shutting down; running replies may finish (send the signal again to leave at once)',
        );
        setTimeout(() => {
          logger.error({}, 'the shutdown takes too long; what is not answered yet waits for the next start');
          process.exit(1);
        }, longestCloseMs).unref();
        server.close(drainMs).then(
          () => process.exit(0),
          (error: unknown) => {
            logger.error({ reason: String(error) }, 'the shutdown was not clean');
            process.exit(1);
          },
        );
      };
      // Only the plain `npm start`: other scripts may put it into the background on purpose.
      if (process.env.npm_lifecycle_event === 'start') endWithParent(() => close('SIGTERM'));
      process.on('SIGINT', close);
      process.on('SIGTERM', close);
    });
}

/** How often it is looked whether npm still runs, ms. */
const parentMs = 500;

/** npm passes no signal on to what it started: whoever ends `npm start` means the server. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, parentMs);
  watch.unref();
}
