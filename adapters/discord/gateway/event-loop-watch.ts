import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from '../../../src/telemetry/logger.js';

/** A stall this long keeps heartbeats from going out in time, ms. */
const stallMs = 2_000;
const lookEveryMs = 15_000;

/** Says when something kept the process from attending to the gateway. @returns what ends the watch. */
export function watchEventLoop(logger: Logger, stall = stallMs, everyMs = lookEveryMs): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const timer = setInterval(() => {
    const worst = Math.round(delay.max / 1_000_000);
    delay.reset();
    if (worst >= stall)
      logger.warn(
        { stallMs: worst },
        'the process was busy for long and deaf to Discord meanwhile: give it more CPU, or run the model on a server of its own (MODEL_BASE_URL)',
      );
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
