import type { WebClient } from '@slack/web-api';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { SlackAddress } from '../address.js';
import { failureReason, refusedWith } from '../api/call-failure.js';
import type { CallPace } from '../api/call-pace.js';

/** Where the app is no agent, or may not be one. */
const noAgent: ReadonlySet<string> = new Set([
  'missing_scope',
  'not_allowed_token_type',
  'not_authorized',
  'unknown_method',
]);
/** A workspace or conversation that refuses is asked again after so long, ms. */
const refusedForMs = 3_600_000;
const maxThreads = 5_000;
/** A title is the first words of what began the thread, UTF-16 units. */
const titleUnits = 60;

/**
 * Slack's agent sessions, one for each thread: while one is `processing` Slack shows its own stop button, whose press comes as
 * `agent_session_stopped`. Slack takes the button away only when the app says that the session is `active` again
 * (https://docs.slack.dev/ai/agent-sessions).
 */
export class AgentSessions {
  readonly #pace: CallPace;
  readonly #logger: Logger;
  readonly #refused: RecentMap<string, true>;
  readonly #titles = new RecentMap<string, string>(maxThreads);
  /** Threads that are `processing`, with the call that made them so. */
  readonly #processing = new RecentMap<string, Promise<unknown>>(maxThreads);

  constructor(pace: CallPace, clock: Clock, logger: Logger) {
    this.#pace = pace;
    this.#logger = logger;
    this.#refused = new RecentMap(1_000, { ms: refusedForMs, clock });
  }

  /** Somebody has begun a thread with these words: they name its session once it is made. */
  name(channel: string, thread: string, words: string): void {
    const [line = ''] = words.trim().split('\n', 1);
    const title =
      line.length <= titleUnits ? line : `${line.slice(0, titleUnits - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
    if (title !== '') this.#titles.set(`${channel}:${thread}`, title);
  }

  /** A reply is on its way. Never rejects. */
  async begin(client: WebClient, { team, channel, thread, user }: SlackAddress): Promise<void> {
    const key = `${channel}:${thread}`;
    if (thread === '' || this.#processing.has(key)) return;
    if (this.#refused.get(team) || this.#refused.get(channel)) return;
    if (!this.#pace.take('agents.sessions.setStatus', team)) return;
    const title = this.#titles.get(key);
    const call = client.agents.sessions.setStatus({
      channel_id: channel,
      thread_ts: thread,
      status: 'processing',
      ...(user !== '' && { initiator_user_id: user }),
      ...(title !== undefined && { title }),
    });
    this.#processing.set(key, call);
    try {
      await call;
      this.#titles.delete(key);
    } catch (thrown) {
      this.#processing.delete(key);
      const error = refusedWith(thrown);
      if (error !== null) this.#refused.set(noAgent.has(error) ? team : channel, true);
      this.#logger.debug({ reason: failureReason(thrown) }, "Slack's own stop button is not shown");
    }
  }

  /** Slack has ended it itself, with the last stream of the reply. */
  ended({ channel, thread }: SlackAddress): void {
    this.#processing.delete(`${channel}:${thread}`);
  }

  isProcessing({ channel, thread }: SlackAddress): boolean {
    return this.#processing.has(`${channel}:${thread}`);
  }

  /** Nothing is on its way any more. Never rejects. */
  async end(client: WebClient, address: SlackAddress): Promise<void> {
    const { team, channel, thread } = address;
    const begun = this.#processing.get(`${channel}:${thread}`);
    this.ended(address);
    try {
      await begun;
      this.#pace.count('agents.sessions.setStatus', team);
      await client.agents.sessions.setStatus({ channel_id: channel, thread_ts: thread, status: 'active' });
    } catch (thrown) {
      this.#logger.debug({ reason: failureReason(thrown) }, "Slack's own stop button may stay for a while");
    }
  }
}
