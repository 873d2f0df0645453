import type { KnownBlock } from '@slack/types';
import { displayName } from '../../../characters/schema.js';
import { characterCard } from '../../../src/commands/characters.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { listMemories } from '../../../src/commands/memory.js';
import type { Profile, UserMemory } from '../../../src/memory/profile.js';
import type { SessionState } from '../../../src/state/session.js';
import { actionIds } from '../actions/action-ids.js';
import { slackPerson, slackSession } from '../address.js';
import { failureReason } from '../api/call-failure.js';
import type { DirectMessages, Directory } from '../api/directory.js';
import type { SlackClients, Workspace } from '../api/workspace-clients.js';
import { escapeText } from '../intake/plain-text.js';
import {
  actions,
  bounded,
  button,
  confirmation,
  context,
  cut,
  divider,
  header,
  section,
} from '../views/block-kit.js';
import { characterLines } from '../views/character-blocks.js';

/** Facts shown, newest first; `/rapport memory` lists them all. */
const shownFacts = 20;

export interface HomeOptions {
  readonly services: CommandServices;
  readonly clients: SlackClients;
  readonly directory: Directory;
  readonly directMessages: DirectMessages;
}

interface HomeFacts {
  readonly session: SessionState | null;
  readonly profile: Profile | null;
  readonly memories: readonly UserMemory[];
  readonly isAdmin: boolean;
}

/** The app's Home tab: my character, who I am, what is remembered, my data. */
export class Home {
  readonly #options: HomeOptions;

  constructor(options: HomeOptions) {
    this.#options = options;
  }

  /** Publishes the tab anew. A failure is of no consequence: it is published again the next time it is opened. */
  async show(workspace: Required<Workspace>, user: string): Promise<void> {
    const { services, clients, directory, directMessages } = this.#options;
    const { store, logger } = services;
    const person = slackPerson(workspace.team, user);
    try {
      const channel = await directMessages.channelOf(workspace, user);
      const [session, profile, memories, member] = await Promise.all([
        store.sessions.get(slackSession(workspace.team, channel)),
        store.people.profile(person),
        listMemories(services, person),
        directory.member(workspace, user),
      ]);
      const facts = { session, profile, memories, isAdmin: member?.isAdmin ?? false };
      const client = await clients.of(workspace);
      await client.views.publish({
        user_id: user,
        view: { type: 'home', callback_id: 'rapport_home', blocks: bounded(this.#blocks(facts)) },
      });
    } catch (error) {
      logger.info({ reason: failureReason(error) }, 'a home tab could not be published');
    }
  }

  #blocks(facts: HomeFacts): KnownBlock[] {
    return [
      ...this.#character(facts),
      divider,
      ...this.#persona(facts),
      divider,
      ...this.#memories(facts),
      divider,
      ...this.#data(facts),
      ...(facts.isAdmin ? [divider, ...this.#settings()] : []),
      context(escapeText(this.#options.services.say('slack.home.disclosure'))),
    ];
  }

  #character({ session }: HomeFacts): KnownBlock[] {
    const { say, bank } = this.#options.services;
    const character = session ? bank.get(session.characterId) : undefined;
    const offered = session?.offeredCharacterId ? bank.get(session.offeredCharacterId) : undefined;
    const find = button({
      text: say('slack.home.find'),
      action: actionIds.match,
      ...(character ? {} : { style: 'primary' as const }),
    });
    const gallery = button({ text: say('slack.home.gallery'), action: actionIds.gallery });
    if (!session || !character)
      return [header(say('slack.home.title')), section(say('slack.home.nobody')), actions(find, gallery)];
    const reasons = session.matchReasons.map(({ text }) => `• ${escapeText(text)}`);
    const name = displayName(character);
    return [
      header(say('slack.home.character')),
      section([characterLines(characterCard(character)), ...reasons].join('\n')),
      ...(offered
        ? [
            section(escapeText(say('slack.home.offer', { name: offered.name }))),
            actions(
              button({
                text: say('slack.talkTo', { name: displayName(offered) }),
                action: actionIds.takeOffer,
                style: 'primary',
              }),
              button({ text: say('slack.home.stay', { name }), action: actionIds.declineOffer }),
            ),
          ]
        : []),
      actions(
        gallery,
        find,
        button({
          text: say('slack.home.reset'),
          action: actionIds.reset,
          confirm: confirmation({
            title: say('slack.reset.title'),
            text: say('slack.reset.text', { name }),
            yes: say('slack.reset.yes'),
            no: say('slack.cancel'),
            danger: true,
          }),
        }),
      ),
    ];
  }

  #persona({ profile }: HomeFacts): KnownBlock[] {
    const { say } = this.#options.services;
    const { name, facts = [], mbti, worry } = profile?.persona ?? {};
    const lines = [
      name && say('slack.persona.isName', { name: escapeText(name) }),
      mbti && say('slack.persona.isType', { mbti }),
      ...facts.slice(0, shownFacts).map((fact) => `• ${escapeText(fact)}`),
      worry && say('slack.persona.isWorry', { worry: escapeText(cut(worry, 500)) }),
    ].filter(Boolean);
    return [
      header(say('slack.home.persona')),
      section(lines.length > 0 ? lines.join('\n') : say('slack.home.noPersona')),
      actions(button({ text: say('slack.home.edit'), action: actionIds.persona })),
    ];
  }

  #memories({ memories }: HomeFacts): KnownBlock[] {
    const { say } = this.#options.services;
    const shown = [...memories].reverse().slice(0, shownFacts);
    return [
      header(say('slack.home.memories')),
      ...(shown.length === 0 ? [section(say('slack.home.noMemories'))] : []),
      ...shown.map(({ id, text }) =>
        section(
          escapeText(text),
          button({ text: say('slack.home.forget'), action: actionIds.forget, value: id }),
        ),
      ),
      ...(memories.length > shown.length
        ? [context(say('slack.home.moreMemories', { count: memories.length - shown.length }))]
        : []),
      actions(button({ text: say('slack.home.remember'), action: actionIds.remember })),
    ];
  }

  #data({ profile }: HomeFacts): KnownBlock[] {
    const { say } = this.#options.services;
    const paused = profile?.paused ?? false;
    return [
      header(say('slack.home.data')),
      section(say(paused ? 'slack.home.isPaused' : 'slack.home.dataText')),
      actions(
        button({ text: say('slack.home.export'), action: actionIds.export }),
        paused
          ? button({ text: say('slack.home.resume'), action: actionIds.resume, style: 'primary' })
          : button({ text: say('slack.home.pause'), action: actionIds.pause }),
        button({
          text: say('slack.home.erase'),
          action: actionIds.erase,
          style: 'danger',
          confirm: confirmation({
            title: say('slack.erase.title'),
            text: say('slack.erase.text'),
            yes: say('slack.erase.yes'),
            no: say('slack.cancel'),
            danger: true,
          }),
        }),
      ),
    ];
  }

  #settings(): KnownBlock[] {
    const { say } = this.#options.services;
    return [
      header(say('slack.home.settings')),
      actions(button({ text: say('slack.home.changeSettings'), action: actionIds.settings })),
    ];
  }
}
