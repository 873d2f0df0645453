import { type APIMessageComponentInteraction, ComponentType } from 'discord-api-types/v10';
import { suggestMatches } from '../../../../src/commands/match.js';
import { readPersona } from '../../../../src/commands/persona.js';
import type { MatchReason } from '../../../../src/matching/persona-scorer.js';
import { whereaboutsOf } from '../../locales.js';
import { inTime } from '../answer.js';
import { characterBox, galleryPage } from '../character-view.js';
import { characterNamed } from '../commands/character.js';
import { carriedWords, componentId, wordsUnits } from '../component-id.js';
import type { ComponentHandlers, Context, FormHandlers } from '../context.js';
import { form, textField } from '../forms.js';
import { message, plain, small, text } from '../message-body.js';
import { openWith } from '../open-with.js';
import { personaForm, personaSent } from '../persona-form.js';
import { button, row } from '../reply-buttons.js';

/** Characters suggested for a person. */
const suggestions = 3;
/** Of so many matches the reasons for a character are looked up again. */
const ranked = 25;
const field = 'words';

/** Finding a character: the gallery, and matching. */
export const choosingHandlers: ComponentHandlers<'open' | 'gallery' | 'browse' | 'search' | 'match'> = {
  open: async (context, { character: id, where }) => {
    const { answer, services } = context;
    await answer.defer('person');
    const character = characterNamed(services, id);
    const reasons = await reasonsFor(context, id);
    await openWith(context, { character, where, ...(reasons && { reasons }) });
  },

  gallery: async (context, { page, words }) => {
    await context.answer.deferUpdate();
    await context.answer.show(galleryPage(context, words, Number(page)));
  },

  browse: async (context, { page, words }) => {
    const { answer, services, say } = context;
    await answer.deferUpdate();
    const character = characterNamed(services, chosenIn(context.interaction));
    await answer.show(
      message(
        characterBox(context, character, { greeting: true }),
        row(button(say('discord.buttons.back'), '↩️', componentId({ do: 'gallery', page, words }))),
      ),
    );
  },

  search: ({ answer, say }) =>
    answer.form(
      form({ do: 'searched' }, say('discord.searchForm.title'), [
        textField({
          name: field,
          label: say('discord.searchForm.words'),
          placeholder: say('discord.searchForm.example'),
          max: wordsUnits,
        }),
      ]),
    ),

  match: async ({ answer, services, place, say, discord }) => {
    const persona = await inTime(discord.clock, readPersona(services, place.person));
    await answer.form(personaForm('matched', persona, say));
  },
};

export const choosingForms: FormHandlers<'searched' | 'matched'> = {
  searched: async (context, _, fields) => {
    const { answer, interaction } = context;
    // Sent from the gallery it turns the page; Discord gives the message along.
    await (interaction.message ? answer.deferUpdate() : answer.defer('person'));
    await answer.show(galleryPage(context, carriedWords(fields.get(field) ?? ''), 0));
  },

  matched: async (context, _, fields) => {
    const { answer, services, place, say } = context;
    await answer.defer('person');
    const persona = personaSent(fields, await readPersona(services, place.person));
    const { matches, care } = await suggestMatches(
      services,
      place.person,
      persona,
      suggestions,
      whereaboutsOf(context.interaction),
    );
    const boxes = matches.map(({ character, reasons }) =>
      characterBox(context, character, { reasons: reasons.map((reason) => reason.text) }),
    );
    await answer.show(
      message(
        ...(care ? [text(care.text)] : []),
        text(`## ${say('discord.match.title')}`),
        ...boxes,
        text(small(plain(say('discord.match.saved')))),
        row(button(say('discord.buttons.matchAgain'), '🧭', componentId({ do: 'match' }))),
      ),
    );
  },
};

/** Why a character fits a person who has said who they are; null where it was no match. */
async function reasonsFor(
  { services, place }: Context<APIMessageComponentInteraction>,
  id: string,
): Promise<readonly MatchReason[] | null> {
  const persona = await readPersona(services, place.person);
  if (persona.facts.length === 0 && !persona.worry && !persona.mbti) return null;
  const best = await services.scorer.rank(persona, services.bank.all, ranked);
  return best.find(({ character }) => character.id === id)?.reasons ?? null;
}

function chosenIn({ data }: APIMessageComponentInteraction): string {
  return data.component_type === ComponentType.StringSelect ? (data.values[0] ?? '') : '';
}
