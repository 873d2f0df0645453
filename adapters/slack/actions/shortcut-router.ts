import { explainLastReply } from '../../../src/commands/why.js';
import { slackSession } from '../address.js';
import { match, whyAnswer } from '../commands/talking-verbs.js';
import type { CommandTools } from '../commands/verb.js';
import type { MessageIntake } from '../intake/message-intake.js';
import { modal } from '../views/block-kit.js';
import { askView, infoView } from '../views/forms.js';
import { shortcutIds, viewIds } from './action-ids.js';
import type { Actor } from './actor.js';
import type { ShortcutPayload } from './payloads.js';

/** The shortcuts of messages and of the search bar. Each opens a modal. */
export class ShortcutRouter {
  readonly #tools: CommandTools;
  readonly #intake: Pick<MessageIntake, 'nameOf' | 'plain'>;

  constructor(tools: CommandTools, intake: Pick<MessageIntake, 'nameOf' | 'plain'>) {
    this.#tools = tools;
    this.#intake = intake;
  }

  async take(actor: Actor, payload: ShortcutPayload): Promise<void> {
    switch (payload.callback_id) {
      case shortcutIds.match:
        await match({ actor, words: '', request: '' }, this.#tools);
        return;
      case shortcutIds.ask:
        return this.#ask(actor, payload);
      case shortcutIds.why:
        return this.#why(actor, payload);
    }
  }

  async #ask(actor: Actor, { message }: ShortcutPayload): Promise<void> {
    const { modals, services } = this.#tools;
    const { say } = services;
    const [text, author] = await Promise.all([
      this.#intake.plain(message?.text ?? '', actor.workspace),
      message?.user ? this.#intake.nameOf(actor.workspace, message.user) : message?.username,
    ]);
    await modals.open(
      actor,
      text.trim() === ''
        ? infoView(say('slack.ask.title'), say('slack.ask.nothing'), say)
        : askView(text, author ?? say('quote.somebody'), say),
    );
  }

  async #why(actor: Actor, { message, channel }: ShortcutPayload): Promise<void> {
    const { modals, services } = this.#tools;
    const { say } = services;
    const id = slackSession(actor.workspace.team, channel?.id ?? '', message?.thread_ts ?? message?.ts);
    const session = await services.store.sessions.get(id);
    const mine = session && (session.shared || session.ownerId === actor.person);
    const explanation = mine ? await explainLastReply(services, id, actor.person) : null;
    await modals.open(
      actor,
      explanation
        ? modal({
            callback: viewIds.info,
            title: say('slack.why.title'),
            close: say('slack.close'),
            blocks: whyAnswer(explanation).blocks ?? [],
          })
        : infoView(say('slack.why.title'), say('slack.why.nothing'), say),
    );
  }
}
