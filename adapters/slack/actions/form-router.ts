import type { ModalView } from '@slack/types';
import { RapportError } from '../../../config/errors.js';
import { findCharacters } from '../../../src/commands/characters.js';
import { suggestMatches } from '../../../src/commands/match.js';
import { addMemory } from '../../../src/commands/memory.js';
import { personaFromForm, savePersona } from '../../../src/commands/persona.js';
import { quoteFor } from '../../../src/commands/quote.js';
import { communitySettingsSchema, saveSettings } from '../../../src/commands/settings.js';
import { slackCommunity } from '../address.js';
import { askedId } from '../commands/conversations.js';
import type { CommandTools } from '../commands/verb.js';
import { escapeText } from '../intake/plain-text.js';
import { typed } from '../views/block-kit.js';
import { galleryPage, galleryView, suggestionsView } from '../views/character-blocks.js';
import { infoView, readPersonaForm, readSettingsForm, readText } from '../views/forms.js';
import { actionIds, readQuote, viewIds } from './action-ids.js';
import type { Actor } from './actor.js';
import type { SubmissionPayload } from './payloads.js';

/** Characters suggested at once. */
const suggestions = 3;
/** What becomes of the modal whose form was sent. */
export interface Submitted {
  /** The view in its place; null closes it. */
  readonly view: ModalView | null;
  readonly home?: boolean;
}

/** Every form, by its callback id. */
export class FormRouter {
  readonly #tools: CommandTools;

  constructor(tools: CommandTools) {
    this.#tools = tools;
  }

  /** @throws RapportError RAPPORT_E_ENTRY_REFUSED where something cannot be kept. */
  async take(actor: Actor, { view }: SubmissionPayload): Promise<Submitted> {
    const { services, directory } = this.#tools;
    const { values } = view.state;
    switch (view.callback_id) {
      case viewIds.match: {
        const persona = personaFromForm(readPersonaForm(values));
        const where = await directory.whereabouts(actor.workspace, actor.user);
        const found = await suggestMatches(services, actor.person, persona, suggestions, where);
        return { view: suggestionsView(found, services.say), home: true };
      }
      case viewIds.persona:
        await savePersona(services, actor.person, personaFromForm(readPersonaForm(values)));
        return { view: null, home: true };
      case viewIds.remember:
        await addMemory(services, actor.person, readText(values));
        return { view: null, home: true };
      case viewIds.gallery: {
        const words = typed(values, actionIds.gallerySearch).trim();
        const found = findCharacters(services, words, galleryPage);
        return { view: galleryView(found, words, 0, services.say) };
      }
      case viewIds.settings:
        return this.#settings(actor, view);
      case viewIds.ask:
        return this.#ask(actor, view);
      default:
        return { view: null };
    }
  }

  async #settings({ workspace, user }: Actor, { state }: SubmissionPayload['view']): Promise<Submitted> {
    const { services, directory } = this.#tools;
    const { say } = services;
    // Asked again: the form may have been open since before.
    if (!(await directory.isAdmin(workspace, user)))
      throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('slack.settings.adminsOnly') });
    const entered = communitySettingsSchema.safeParse(readSettingsForm(state.values));
    if (!entered.success)
      throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('slack.settings.invalid') });
    await saveSettings(services, slackCommunity(workspace.team), entered.data);
    return { view: null };
  }

  async #ask(actor: Actor, { id, private_metadata, state }: SubmissionPayload['view']): Promise<Submitted> {
    const { services, conversations } = this.#tools;
    const { say } = services;
    const quote = readQuote(private_metadata);
    const question = readText(state.values);
    const text = quote && quoteFor({ ...quote, ...(question && { question }) }, say);
    if (!text) throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('slack.ask.nothing') });
    const admitted = await conversations.ask(actor, text, askedId(id));
    const told = admitted.outcome === 'refused' ? escapeText(admitted.notice) : say('slack.ask.done');
    return { view: infoView(say('slack.ask.title'), told, say) };
  }
}
