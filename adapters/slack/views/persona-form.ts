import type { ModalView } from '@slack/types';
import { mbtiTypes } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import { type PersonaForm, personaLimits } from '../../../src/commands/persona.js';
import type { SeekerPersona } from '../../../src/memory/profile.js';
import { viewIds } from '../actions/action-ids.js';
import { context, cut, field, modal, option, placeholder } from './block-kit.js';
import { chosen, type FormValues, typed } from './form-values.js';

/** Longest text Slack takes in a field, UTF-16 units. */
const longestField = 3_000;
const fields = { worry: 'worry', facts: 'facts', mbti: 'mbti', name: 'name' } as const;

/** Who the person is: to find them somebody (`match`), or to be kept (`persona`). What is known already stands in it. */
export function personaView(kind: 'match' | 'persona', persona: SeekerPersona, say: Say): ModalView {
  const facts = cut(persona.facts.join('\n'), longestField);
  const type = mbtiTypes.find((known) => known === persona.mbti);
  return modal({
    callback: kind === 'match' ? viewIds.match : viewIds.persona,
    title: say(`slack.${kind}.title`),
    submit: say(`slack.${kind}.submit`),
    close: say('slack.cancel'),
    blocks: [
      context(say(`slack.${kind}.intro`)),
      field({
        id: fields.worry,
        label: say('slack.persona.worry'),
        element: {
          type: 'plain_text_input',
          action_id: fields.worry,
          multiline: true,
          max_length: personaLimits.worry,
          placeholder: placeholder(say('slack.persona.worryHint')),
          ...(persona.worry && { initial_value: persona.worry }),
        },
      }),
      field({
        id: fields.facts,
        label: say('slack.persona.facts'),
        hint: say('slack.persona.factsHint'),
        element: {
          type: 'plain_text_input',
          action_id: fields.facts,
          multiline: true,
          max_length: longestField,
          ...(facts && { initial_value: facts }),
        },
      }),
      field({
        id: fields.mbti,
        label: say('slack.persona.mbti'),
        element: {
          type: 'static_select',
          action_id: fields.mbti,
          placeholder: placeholder(say('slack.persona.mbtiHint')),
          options: mbtiTypes.map((name) => option(name, name)),
          ...(type && { initial_option: option(type, type) }),
        },
      }),
      field({
        id: fields.name,
        label: say('slack.persona.name'),
        element: {
          type: 'plain_text_input',
          action_id: fields.name,
          max_length: personaLimits.name,
          ...(persona.name && { initial_value: persona.name }),
        },
      }),
    ],
  });
}

/** What was typed into {@link personaView}. */
export function readPersonaForm(values: FormValues): PersonaForm {
  return {
    worry: typed(values, fields.worry),
    facts: typed(values, fields.facts),
    mbti: chosen(values, fields.mbti),
    name: typed(values, fields.name),
  };
}
