import type { App, RespondFn } from '@slack/bolt';
import type { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import { characterChoices } from '../../../src/commands/characters.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { withOwn } from '../../../src/commands/own-characters.js';
import { late, within } from '../../../src/within.js';
import { slackAddress } from '../address.js';
import { callFailure, failureReason } from '../api/call-failure.js';
import type { DirectMessages } from '../api/directory.js';
import type { CommandTools } from '../commands/verb.js';
import { runVerb } from '../commands/verbs.js';
import type { NoticeSender } from '../intake/notice-sender.js';
import { escapeText } from '../intake/plain-text.js';
import { cut, option } from '../views/block-kit.js';
import { infoView } from '../views/forms.js';
import type { ActionRouter } from './action-router.js';
import type { Actor, Answer } from './actor.js';
import type { FormRouter, Submitted } from './form-router.js';
import {
  type ActionPayload,
  actionSchema,
  actorOf,
  commandActor,
  commandSchema,
  shortcutSchema,
  submissionSchema,
  suggestionSchema,
} from './payloads.js';
import type { ShortcutRouter } from './shortcut-router.js';

export interface InteractionsOptions {
  readonly tools: CommandTools;
  readonly actions: ActionRouter;
  readonly forms: FormRouter;
  readonly shortcuts: ShortcutRouter;
  readonly notices: NoticeSender;
  readonly directMessages: DirectMessages;
}

/** Longest text of an ephemeral answer, UTF-16 units. */
const longestAnswer = 11_000;

/**
 * Commands, buttons, forms and shortcuts as Bolt hands them over. Each is acknowledged within Slack's three seconds, after
 * its work where that is quick: what a command records is recorded before it counts as done. None ever throws.
 */
export class Interactions {
  readonly #options: InteractionsOptions;

  constructor(options: InteractionsOptions) {
    this.#options = options;
  }

  register(app: App): void {
    app.command(/^\//, async ({ body, ack, respond }) => {
      const command = this.#read(commandSchema, body);
      if (!command) return void (await ack());
      const actor = commandActor(command);
      const { tools } = this.#options;
      const work = this.#tried(() =>
        runVerb(
          { actor, words: command.text, request: command.trigger_id },
          { ...tools, services: withOwn(tools.services, actor.person) },
        ),
      );
      await this.#promptly(work, {
        ack: (answer) => (answer ? ack(ephemeral(answer)) : ack()),
        meanwhile: () => ack(),
        later: async (answer) => {
          if (answer) await respond(ephemeral(answer));
        },
      });
    });
    app.action(/^/, async ({ body, ack, respond }) => {
      const payload = this.#read(actionSchema, body);
      if (!payload) return void (await ack());
      await this.#act(payload, () => ack(), respond);
    });
    app.shortcut(/^/, async ({ body, ack }) => {
      const payload = this.#read(shortcutSchema, body);
      if (!payload) return void (await ack());
      const actor = actorOf(payload);
      const work = this.#tried(async () => {
        await this.#options.shortcuts.take(actor, payload);
        return null;
      });
      await this.#promptly(work, {
        ack: () => ack(),
        meanwhile: () => ack(),
        later: async () => undefined,
      });
      const problem = await work;
      if (problem) await this.#tellInPrivate(actor, problem);
    });
    app.view(/^/, async ({ body, ack }) => {
      const payload = this.#read(submissionSchema, body);
      if (!payload) return void (await ack());
      const actor = actorOf(payload);
      const { tools, forms } = this.#options;
      const { say } = tools.services;
      const failed = (text: string): Submitted => ({
        view: infoView(say('slack.info'), escapeText(text), say),
      });
      const work = forms
        .take(actor, payload)
        .catch((error: unknown) => failed(plainWords(error, tools.services)));
      await this.#promptly(work, {
        ack: ({ view }) =>
          view ? ack({ response_action: 'update', view }) : ack({ response_action: 'clear' }),
        meanwhile: () =>
          ack({ response_action: 'update', view: infoView(say('slack.info'), say('slack.working'), say) }),
        later: async ({ view }) =>
          tools.modals.update(
            actor,
            payload.view.id,
            view ?? infoView(say('slack.info'), say('slack.done'), say),
          ),
      });
      if ((await work).home) await tools.home.show(actor.workspace, actor.user);
    });
    app.options(/^/, async ({ body, ack }) => {
      const asked = this.#read(suggestionSchema, body);
      const { services } = this.#options.tools;
      const choices = asked ? characterChoices(services, asked.value, 100) : [];
      await ack({ options: choices.map(({ name, value }) => option(name, value)) });
    });
  }

  async #act(
    payload: ActionPayload,
    ack: () => Promise<void>,
    respond: RespondFn | undefined,
  ): Promise<void> {
    const { tools, actions } = this.#options;
    const { services, home } = tools;
    const actor = actorOf(payload);
    const work = actions.take(actor, payload).then(
      (pressed) => pressed ?? { told: services.say('slack.outdated') },
      (error: unknown) => ({ told: plainWords(error, services), home: false }),
    );
    await this.#promptly(work, { ack, meanwhile: ack, later: async () => undefined });
    const { told, home: changed } = { home: false, ...(await work) };
    await this.#quietly(async () => {
      if (told !== null) await this.#tell(actor, payload, told, respond);
      if (changed) await home.show(actor.workspace, actor.user);
    });
  }

  async #tell(
    actor: Actor,
    payload: ActionPayload,
    text: string,
    respond: RespondFn | undefined,
  ): Promise<void> {
    if (!payload.view && respond) {
      const thread = payload.container?.thread_ts ?? payload.message?.thread_ts;
      await respond({
        ...ephemeral({ text }),
        // A question that only this person sees has been answered: its buttons go.
        replace_original: payload.container?.is_ephemeral === true,
        ...(thread !== undefined && { thread_ts: thread }),
      });
      return;
    }
    try {
      await this.#options.actions.inform(actor, payload, escapeText(text));
    } catch (error) {
      // The trigger has run out meanwhile, or the modal is gone.
      this.#options.tools.services.logger.debug(
        { reason: String(error) },
        'told in the direct message instead',
      );
      await this.#tellInPrivate(actor, { text });
    }
  }

  async #tellInPrivate(actor: Actor, answer: Answer | null): Promise<void> {
    if (!answer) return;
    await this.#quietly(async () => {
      const channel = await this.#options.directMessages.channelOf(actor.workspace, actor.user);
      await this.#options.notices.say(
        slackAddress({ ...actor.workspace, channel, user: actor.user }),
        answer.text,
      );
    });
  }

  async #tried(work: () => Promise<Answer | null>): Promise<Answer | null> {
    try {
      return await work();
    } catch (error) {
      return { text: plainWords(error, this.#options.tools.services) };
    }
  }

  #promptly<T>(work: Promise<T>, ways: Parameters<typeof promptly<T>>[2]): Promise<void> {
    return this.#quietly(() => promptly(this.#options.tools.services.clock, work, ways));
  }

  /** The socket may be gone by the time an answer is ready: that is noted and nothing else. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.tools.services.logger.info(
        { reason: error instanceof Error ? error.message : String(error) },
        'an answer did not reach Slack',
      );
    }
  }

  #read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> | null {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    this.#options.tools.services.logger.debug(
      { problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) },
      'an interaction of Slack has an unknown form',
    );
    return null;
  }
}

/** An answer that only the person sees. */
function ephemeral({ text, blocks }: Answer): {
  response_type: 'ephemeral';
  text: string;
  blocks?: NonNullable<Answer['blocks']>[number][];
} {
  return {
    response_type: 'ephemeral',
    text: escapeText(cut(text, longestAnswer)),
    ...(blocks && { blocks: [...blocks] }),
  };
}

/** What a person is told when something they asked for failed: what happened and what they can do, without codes. */
function plainWords(
  error: unknown,
  { say, logger, random }: Pick<CommandServices, 'say' | 'logger' | 'random'>,
): string {
  if (error instanceof RapportError && error.code !== 'RAPPORT_E_INTERNAL') {
    if (error.code === 'RAPPORT_E_ENTRY_REFUSED') return String(error.details.reason ?? error.message);
    if (error.code === 'RAPPORT_E_CHARACTER_UNKNOWN') return say('slack.character.gone');
    logger.warn({ code: error.code, reason: error.message }, 'a command of Slack failed');
    if (error.code === 'RAPPORT_E_SHUTTING_DOWN') return say('slack.restarting');
    return error.retryable ? say('slack.passing') : say('slack.failed', { reason: error.message });
  }
  const failure = callFailure(error);
  const reference = random.id().slice(0, 8);
  logger.error(
    {
      reference,
      reason: failureReason(error),
      stack: error instanceof Error && failure.kind === 'unknown' ? error.stack : undefined,
    },
    'a command of Slack failed',
  );
  if (failure.kind === 'limited')
    return say('slack.busy', { seconds: Math.ceil(failure.retryAfterMs / 1_000) });
  if (failure.kind === 'refused' && failure.error === 'expired_trigger_id') return say('slack.tooSlow');
  if (failure.kind === 'refused' && failure.error === 'missing_scope')
    return say('slack.missingScope', { scope: failure.needed ?? '' });
  return say('slack.broken', { reference });
}

/** Slack waits three seconds for an acknowledgement; what takes longer than this is answered afterwards, ms. */
const promptMs = 1_800;

/**
 * Acknowledges within Slack's time: with the result of the work where it is ready, else with `meanwhile`, and the result
 * goes to `later`.
 */
export async function promptly<T>(
  clock: Clock,
  work: Promise<T>,
  {
    ack,
    meanwhile,
    later,
  }: {
    readonly ack: (result: T) => Promise<unknown>;
    readonly meanwhile: () => Promise<unknown>;
    readonly later: (result: T) => Promise<unknown>;
  },
): Promise<void> {
  const prompt = await within(clock, promptMs, work);
  if (prompt !== late) {
    await ack(prompt);
    return;
  }
  await meanwhile();
  await later(await work);
}
