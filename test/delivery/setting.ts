import type { DeliverOptions } from '../../src/delivery/delivery-options.js';
import { RateBuckets } from '../../src/delivery/rate-bucket.js';
import { messageId, sessionId, turnId } from '../../src/ids.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { PlatformDouble, type PlatformOptions } from '../doubles/platform-double.js';
import { OutboxDouble } from './outbox-double.js';

/** A reply as a script: text after a pause (ms), or an error thrown after one. */
export type Script = readonly (readonly [pauseMs: number, what: string | Error])[];

export const notes = {
  interrupted: '(the reply broke off)',
  failure: 'I could not answer just now. Please try again.',
  stopped: '(stopped)',
  placeholder: '…',
};

const session = sessionId('s1');
const lease = { sessionId: session, holder: 'test', fence: 1 };

/** One platform, one outbox and one clock, over which replies are delivered. */
export class Setting {
  readonly clock = new FakeClock();
  readonly store = new OutboxDouble();
  readonly platform: PlatformDouble;
  readonly buckets: RateBuckets;
  readonly stop = new AbortController();

  constructor(options: PlatformOptions = {}) {
    this.platform = new PlatformDouble(this.clock, options);
    this.buckets = new RateBuckets(this.clock);
  }

  get context(): Omit<DeliverOptions, 'text' | 'signal'> {
    return {
      adapter: this.platform,
      address: { platform: this.platform.name, channel: 'c1' },
      speaker: { name: 'Ada' },
      sessionId: session,
      turnId: turnId(session, 1),
      covers: [messageId('q1')],
      lease,
      store: this.store,
      clock: this.clock,
      buckets: this.buckets,
      logger: silentLogger,
      notes,
    };
  }

  options(script: Script, more: Partial<DeliverOptions> = {}): DeliverOptions {
    return { ...this.context, text: this.play(script), signal: this.stop.signal, ...more };
  }

  async *play(script: Script): AsyncGenerator<string> {
    for (const [pause, what] of script) {
      if (pause > 0) await this.clock.sleep(pause);
      if (what instanceof Error) throw what;
      yield what;
    }
  }
}

/** A script of words at a steady pace. */
export function words(count: number, everyMs: number, word = 'word'): Script {
  return Array.from({ length: count }, (_, n) => [everyMs, `${n === 0 ? '' : ' '}${word}${n}`] as const);
}

/** The text of a script. */
export function said(script: Script): string {
  return script.map(([, what]) => (typeof what === 'string' ? what : '')).join('');
}
