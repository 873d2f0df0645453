import { characterCard, findCharacters } from '../../../src/commands/characters.js';
import { resetConversation, takeOffer } from '../../../src/commands/conversation.js';
import { forgetMemory } from '../../../src/commands/memory.js';
import { persona } from '../commands/personal-verbs.js';
import { match, resetWords } from '../commands/talking-verbs.js';
import type { CommandTools } from '../commands/verb.js';
import { settings } from '../commands/verbs.js';
import { postTaken } from '../delivery/alerts.js';
import { replyActions } from '../delivery/reply-blocks.js';
import { cardView, galleryPage, galleryView } from '../views/character-blocks.js';
import { infoView, rememberView } from '../views/forms.js';
import { actionIds, readPage, readTalk, viewIds } from './action-ids.js';
import type { Actor } from './actor.js';
import type { ActionPayload } from './payloads.js';
import type { ReplyPresses } from './reply-presses.js';

/** What a press leads to: what the person is told (null: nothing), and whether their Home tab has changed. */
interface Pressed {
  readonly told: string | null;
  readonly home?: boolean;
}

interface Press {
  readonly actor: Actor;
  readonly value: string;
  readonly payload: ActionPayload;
}

const done: Pressed = { told: null };

/** Everything that can be pressed, by its action id. */
export class ActionRouter {
  readonly #tools: CommandTools;
  readonly #replies: ReplyPresses;

  constructor(tools: CommandTools, replies: ReplyPresses) {
    this.#tools = tools;
    this.#replies = replies;
  }

  /** Null for an action that is not known (any more): an old message, another version. */
  async take(actor: Actor, payload: ActionPayload): Promise<Pressed | null> {
    const [action] = payload.actions;
    if (!action) return null;
    return this.#press(action.action_id, { actor, payload, value: action.value ?? '' });
  }

  /** Shows a sentence where the button was: above the modal it is in, else in one of its own. */
  async inform(actor: Actor, { view }: Pick<ActionPayload, 'view'>, text: string): Promise<void> {
    const { modals, services } = this.#tools;
    const info = infoView(services.say('slack.info'), text, services.say);
    await (view?.type === 'modal' ? modals.push(actor, info) : modals.open(actor, info));
  }

  async #press(id: string, press: Press): Promise<Pressed | null> {
    const { actor, value, payload } = press;
    const { services, modals, data } = this.#tools;
    const { say } = services;
    switch (id) {
      case replyActions.stop:
        return { told: await this.#replies.stop(actor, value) };
      case replyActions.regenerate:
        return { told: await this.#replies.regenerate(actor, value, payload) };
      case replyActions.feedback:
        return { told: await this.#replies.feedback(actor, value) };
      case actionIds.talk:
        return this.#talk(press);
      case actionIds.card:
        return this.#card(press);
      case actionIds.gallery:
        await modals.open(actor, this.#gallery('', 0));
        return done;
      case actionIds.gallerySearch:
        return this.#page(press, value, 0);
      case actionIds.galleryPage:
      case actionIds.galleryForward: {
        const { words, offset } = readPage(value);
        return this.#page(press, words, offset);
      }
      case actionIds.match:
        await match({ actor, words: '', request: '' }, this.#tools);
        return done;
      case actionIds.persona:
        await persona({ actor, words: '', request: '' }, this.#tools);
        return done;
      case actionIds.remember:
        await modals.open(actor, rememberView(say));
        return done;
      case actionIds.forget:
        await forgetMemory(services, actor.person, value);
        return { told: null, home: true };
      case actionIds.settings: {
        const answer = await settings({ actor, words: '', request: '' }, this.#tools);
        return { told: answer?.text ?? null };
      }
      case actionIds.reset:
        return this.#reset(actor);
      case actionIds.export:
        await data.export(actor);
        return { told: say('slack.export.done') };
      case actionIds.erase:
        await data.erase(actor);
        return { told: say('slack.erase.done'), home: true };
      case actionIds.pause:
        await data.pause(actor, true);
        return { told: null, home: true };
      case actionIds.resume:
        await data.pause(actor, false);
        return { told: null, home: true };
      case actionIds.takeOffer:
      case actionIds.declineOffer:
        return this.#offer(actor, id === actionIds.takeOffer);
      case actionIds.takeAlert:
        return this.#takeAlert(press);
      default:
        return null;
    }
  }

  /** Everybody in the channel sees who takes it. */
  async #takeAlert({ actor, value, payload }: Press): Promise<Pressed> {
    const { services, clients } = this.#tools;
    const channel = payload.channel?.id ?? payload.container?.channel_id ?? '';
    const message = payload.message?.ts ?? payload.container?.message_ts ?? '';
    const outcome = (await services.humans?.take(value, channel)) ?? 'gone';
    if (outcome !== 'taken') return { told: services.say(`care.human.${outcome}`) };
    const words = services.say('care.human.takenBy', { who: `<@${actor.user}>` });
    await postTaken(clients, { team: actor.workspace.team, channel, message }, words);
    return done;
  }

  async #talk({ actor, value }: Press): Promise<Pressed> {
    const { services, conversations } = this.#tools;
    const { say, bank } = services;
    const wanted = readTalk(value);
    const character = wanted && bank.get(wanted.character);
    if (!wanted || !character) return { told: say('slack.character.gone') };
    const outcome = await conversations.begin(actor, character, wanted.reasons);
    return {
      told: say(outcome === 'begun' ? 'slack.chat.begun' : 'slack.chat.switched', { name: character.name }),
      home: true,
    };
  }

  async #card({ actor, value, payload }: Press): Promise<Pressed> {
    const { services, modals } = this.#tools;
    const character = services.bank.get(value);
    if (!character) return { told: services.say('slack.character.gone') };
    const view = cardView(characterCard(character), services.say);
    await (payload.view?.type === 'modal' ? modals.push(actor, view) : modals.open(actor, view));
    return done;
  }

  #gallery(words: string, offset: number): ReturnType<typeof galleryView> {
    const { services } = this.#tools;
    const found = findCharacters(services, words, galleryPage, offset);
    return galleryView(found, words, offset, services.say);
  }

  async #page({ actor, payload }: Press, words: string, offset: number): Promise<Pressed> {
    const { modals } = this.#tools;
    const view = this.#gallery(words.trim(), offset);
    await (payload.view?.callback_id === viewIds.gallery
      ? modals.update(actor, payload.view.id, view)
      : modals.open(actor, view));
    return done;
  }

  async #reset(actor: Actor): Promise<Pressed> {
    const { services, conversations } = this.#tools;
    const { id } = await conversations.of(actor);
    const outcome = await resetConversation(services, id, actor);
    return { told: services.say(resetWords[outcome]), home: true };
  }

  async #offer(actor: Actor, accept: boolean): Promise<Pressed> {
    const { services, conversations } = this.#tools;
    const { id } = await conversations.of(actor);
    const outcome = await takeOffer(services, id, accept);
    const told = outcome?.taken
      ? services.say('match.switched', { name: outcome.taken.name })
      : accept
        ? services.say('match.nothingOffered')
        : null;
    return { told, home: true };
  }
}
