import type { ComponentHandlers, FormHandlers } from '../context.js';
import { converse } from '../converse.js';
import { form, formUnits, textField } from '../forms.js';
import { notice } from '../message-body.js';
import { sessionOfCode } from '../session-code.js';

const field = 'message';

/** Going on in a conversation that only its person sees: there is no line to type in, so a form opens. */
export const writingHandlers: ComponentHandlers<'write'> = {
  write: ({ answer, say }, { session }) =>
    answer.form(
      form({ do: 'written', session }, say('discord.writeForm.title'), [
        textField({
          name: field,
          label: say('discord.writeForm.message'),
          long: true,
          required: true,
          max: formUnits.value,
        }),
      ]),
    ),
};

export const writingForms: FormHandlers<'written'> = {
  written: async (context, action, fields) => {
    const { answer, say, place } = context;
    const [, kind, ...parts] = sessionOfCode(action.session).split(':');
    // Both kinds of id name the person; a form cannot be sent for somebody else, a forged one is refused.
    if (!parts.includes(place.userId)) return answer.tell(notice(say('discord.notYours')));
    await converse(context, { text: fields.get(field) ?? '', privately: kind === 'user' });
  },
};
