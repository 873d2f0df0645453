import { ComponentType } from 'discord-api-types/v10';
import { resetConversation } from '../../../../src/commands/conversation.js';
import { forgetMemory, listMemories } from '../../../../src/commands/memory.js';
import { readPersona, savePersona } from '../../../../src/commands/persona.js';
import { erasePerson } from '../../../../src/commands/privacy.js';
import type { ComponentHandlers, FormHandlers } from '../context.js';
import { inTime } from '../first-response.js';
import { plain } from '../markup.js';
import { memoriesPage } from '../memories-page.js';
import { notice } from '../message-body.js';
import { personaForm, personaSent } from '../persona-form.js';
import { personaPage } from '../persona-page.js';
import { sessionOfCode } from '../session-code.js';
import { mayLead } from '../taking-part.js';

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
    const session = await services.store.sessions.get(sessionOfCode(action.session));
    if (session && !(await mayLead(place, session)))
      return answer.tell(notice(say('discord.notYoursToLead')));
    if (session) await resetConversation(services, session.id);
    await answer.show(notice(say(session ? 'discord.reset.done' : 'discord.conversationGone')));
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
