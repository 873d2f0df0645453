import type { App, Receiver, ReceiverEvent } from '@slack/bolt';

/** What takes Slack's requests in, over whatever line. */
export interface Intake {
  /** Where the requests go. */
  init(app: Pick<App, 'processEvent'>): void;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
}

/**
 * Bolt acknowledges an event before anybody has looked at it. Here an event is acknowledged when its handlers are done,
 * which is when the message is recorded; if they fail it is not, and Slack sends it again. Commands and other
 * interactions acknowledge by themselves.
 */
export class RecordedFirst implements Receiver {
  readonly #intakes: readonly Intake[];
  readonly #running = new Set<Promise<void>>();

  constructor(intakes: readonly Intake[]) {
    this.#intakes = intakes;
  }

  init(app: App): void {
    const processEvent = (event: ReceiverEvent): Promise<void> => this.#track(this.#process(app, event));
    for (const intake of this.#intakes) intake.init({ processEvent });
  }

  async start(): Promise<void> {
    await Promise.all(this.#intakes.map((intake) => intake.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#intakes.map((intake) => intake.stop()));
  }

  /** Resolves when nothing that has been taken in is still being handled. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #process(app: App, event: ReceiverEvent): Promise<void> {
    const body = withEvent(event.body);
    if (!('event' in body)) return app.processEvent(event);
    await app.processEvent({ ...event, body, ack: async () => undefined });
    await event.ack();
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#running.add(work);
    try {
      await work;
    } finally {
      this.#running.delete(work);
    }
  }
}

/** `app_rate_limited` comes without the envelope that every other event has: it is given one. */
export function withEvent(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return body.type === 'app_rate_limited' && !('event' in body) ? { ...body, event: body } : { ...body };
}
