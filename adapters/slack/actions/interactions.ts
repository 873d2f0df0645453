import type { App, RespondFn } from '@slack/bolt';
import type { z } from 'zod';
import { characterChoices } from '../../../src/commands/characters.js';
import { slackAddress } from '../address.js';
import type { DirectMessages } from '../api/direct-messages.js';
import type { CommandTools } from '../commands/verb.js';
import { runVerb } from '../commands/verbs.js';
import type { Notices } from '../intake/notices.js';
import { escapeText } from '../intake/plain-text.js';
import { cut, option } from '../views/block-kit.js';
import { infoView } from '../views/small-forms.js';
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
import { plainWords } from './plain-words.js';
import { promptly } from './promptly.js';
import type { ShortcutRouter } from './shortcut-router.js';

export interface InteractionsOptions {
  readonly tools: CommandTools;
  readonly actions: ActionRouter;
  readonly forms: FormRouter;
  readonly shortcuts: ShortcutRouter;
  readonly notices: Notices;
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
        runVerb({ actor, words: command.text, request: command.trigger_id }, tools),
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
