import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import { mbtiTypes } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import { personaFromForm, personaLimits } from '../../../src/commands/persona.js';
import type { SeekerPersona } from '../../../src/memory/profile.js';
import { componentId } from './component-id.js';
import { choiceField, form, formUnits, textField } from './forms.js';
import { box, type MessageBody, message, plain, quoted, small, text } from './message-body.js';
import { button, row } from './reply-buttons.js';

/** The form in which a person says who they are: to be matched (`matched`), or to be remembered (`described`). */
export function personaForm(
  purpose: 'matched' | 'described',
  persona: SeekerPersona,
  say: Say,
): APIModalInteractionResponseCallbackData {
  const words = (name: string) => say(`discord.personaForm.${name}`);
  return form({ do: purpose }, words(purpose), [
    textField({
      name: 'worry',
      label: words('worry'),
      placeholder: words('worryExample'),
      value: persona.worry,
      long: true,
      max: personaLimits.worry,
    }),
    textField({
      name: 'facts',
      label: words('facts'),
      description: words('factsHint'),
      placeholder: words('factsExample'),
      value: shownFacts(persona).join('\n'),
      long: true,
      max: formUnits.value,
    }),
    choiceField({
      name: 'mbti',
      label: words('mbti'),
      description: words('mbtiHint'),
      values: mbtiTypes,
      value: persona.mbti,
    }),
    textField({
      name: 'name',
      label: words('name'),
      description: words('nameHint'),
      value: persona.name,
      max: personaLimits.name,
    }),
  ]);
}

/** The persona as the form changes it. Facts that the form had no room for stay. */
export function personaSent(fields: ReadonlyMap<string, string>, before: SeekerPersona): SeekerPersona {
  const hidden = before.facts.slice(shownFacts(before).length);
  return personaFromForm({
    name: fields.get('name') ?? '',
    mbti: fields.get('mbti') ?? '',
    worry: fields.get('worry') ?? '',
    facts: [fields.get('facts') ?? '', ...hidden].join('\n'),
  });
}

/** The facts that a text field has room for, whole. */
function shownFacts({ facts }: SeekerPersona): readonly string[] {
  let left = formUnits.value;
  const fits = facts.findIndex((fact) => {
    left -= fact.length + 1;
    return left + 1 < 0;
  });
  return fits === -1 ? facts : facts.slice(0, fits);
}

/** Who a person has said they are, with buttons to change it and to be matched. */
export function personaPage({ name, facts, mbti, worry }: SeekerPersona, say: Say): MessageBody {
  const part = (key: string, content: string): string =>
    content && `**${say(`discord.personaPage.${key}`)}**\n${content}`;
  const parts = [
    part('name', plain(name ?? '')),
    part('worry', worry ? quoted(plain(worry)) : ''),
    part('facts', facts.map((fact) => `- ${plain(fact)}`).join('\n')),
    part('mbti', mbti ?? ''),
  ].filter(Boolean);
  return message(
    box(
      text(`### ${say('discord.personaPage.title')}`),
      text(parts.length > 0 ? parts.join('\n\n') : say('discord.personaPage.empty')),
      text(small(say('discord.personaPage.use'))),
    ),
    row(
      button(say('discord.buttons.edit'), '✏️', componentId({ do: 'persona' })),
      button(say('discord.buttons.match'), '🧭', componentId({ do: 'match' })),
    ),
  );
}
