import { ComponentType } from 'discord-api-types/v10';
import type { Say } from '../../../../config/locale.js';
import { resetConversation } from '../../../../src/commands/conversation.js';
import { forgetMemory, listMemories } from '../../../../src/commands/memory.js';
import { readPersona, savePersona } from '../../../../src/commands/persona.js';
import { erasePerson } from '../../../../src/commands/privacy.js';
import type { ListedFact } from '../../../../src/memory/fact-list.js';
import { inTime } from '../answer.js';
import { componentId, sessionOfCode } from '../component-id.js';
import type { ComponentHandlers, FormHandlers } from '../context.js';
import { box, type MessageBody, message, notice, plain, shorten, small, text } from '../message-body.js';
import { personaForm, personaPage, personaSent } from '../persona-form.js';
import { leaderAt } from '../place.js';

/** What a person keeps with the bot, and how they take it away again. */
export const ownDataHandlers: ComponentHandlers<'persona' | 'forget' | 'reset' | 'erase' | 'cancel'> = {
  persona: async ({ answer, services, place, say, discord }) => {
    const persona = await inTime(discord.clock, readPersona(services, place.person));
    await answer.form(personaForm('described', persona, say));
  },

  forget: async ({ answer, services, place, say, interaction }) => {
    await answer.deferUpdate();
    const { data } = interaction;
    const id = data.component_type === ComponentType.StringSelect ? (data.values[0] ?? '') : '';
    const gone = await forgetMemory(services, place.person, id);
    await answer.show(memoriesPage(await listMemories(services, place.person), say));
    await answer.tell(
      notice(gone ? say('memory.forgotten', { text: plain(gone.text) }) : say('discord.memory.unknown')),
    );
  },

  reset: async ({ answer, services, place, say }, action) => {
    await answer.deferUpdate();
    const outcome = await resetConversation(services, sessionOfCode(action.session), leaderAt(place));
    if (outcome === 'refused') return answer.tell(notice(say('discord.notYoursToLead')));
    await answer.show(notice(say(outcome === 'reset' ? 'discord.reset.done' : 'discord.conversationGone')));
  },

  erase: async ({ answer, services, place, say }) => {
    await answer.deferUpdate();
    const { sessions, memories } = await erasePerson(services, place.person);
    await answer.show(notice(say('discord.privacy.erased', { sessions, memories })));
  },

  cancel: async ({ answer, say }) => {
    await answer.deferUpdate();
    await answer.show(notice(say('discord.cancelled')));
  },
};

export const ownDataForms: FormHandlers<'described'> = {
  described: async ({ answer, services, place, say }, _, fields) => {
    await answer.defer('person');
    const persona = personaSent(fields, await readPersona(services, place.person));
    await savePersona(services, place.person, persona);
    await answer.show(personaPage(persona, say));
  },
};

/** Facts a menu offers to forget: the latest. */
const maxOptions = 25;
const optionUnits = 100;
/** All the facts shown, UTF-16 units. */
const listUnits = 3_500;

/** What is remembered about a person, with a menu to forget one. */
export function memoriesPage(facts: readonly ListedFact[], say: Say): MessageBody {
  if (facts.length === 0) return message(text(say('memory.nothing')));
  const lines = facts.map(({ text: fact, at, pinned, earlier }) => {
    const line = `${plain(fact)} <t:${Math.floor(at / 1_000)}:d>`;
    const told = pinned ? 'memory.pinnedFact' : earlier ? 'memory.earlierFact' : null;
    return `- ${told === null ? line : say(told, { line })}`;
  });
  const latest = facts.slice(-maxOptions).reverse();
  return message(
    box(
      text(`### ${say('discord.memory.title')}`),
      text(shorten(lines.join('\n'), listUnits)),
      text(small(say('discord.memory.use'))),
    ),
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: componentId({ do: 'forget' }),
          placeholder: say('discord.memory.forget'),
          options: latest.map(({ id, text: fact }) => ({
            label: shorten(fact.replace(/\s+/g, ' '), optionUnits),
            value: id,
          })),
        },
      ],
    },
  );
}
