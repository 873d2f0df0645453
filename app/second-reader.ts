import type { Config } from '../config/schema.js';
import { SecondReader } from '../inference/second-reader.js';
import type { ModelRouter } from '../src/prompting/chat-model.js';
import type { Logger } from '../src/telemetry/logger.js';

/** The configured model as a second reader; null where it is off, or no model that takes chat messages is configured (said in the log). */
export function openSecondReader(
  { secondReader }: Config['care'],
  router: ModelRouter,
  logger: Logger,
): { readonly judge: SecondReader; readonly from: number; readonly timeLimitMs: number } | null {
  if (!secondReader.enabled) return null;
  const route = router.routeFor({ id: '', tags: [] });
  if (route.demo || route.format !== 'chat') {
    logger.warn({}, 'care.secondReader needs a model server with the prompt format chat; it is off');
    return null;
  }
  const { from, timeLimitMs } = secondReader;
  return { judge: new SecondReader(route), from, timeLimitMs };
}
