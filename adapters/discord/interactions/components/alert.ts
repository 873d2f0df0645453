import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { componentId } from '../component-id.js';
import type { ComponentHandlers } from '../context.js';
import { notice, shorten } from '../message-body.js';

/** The longest label of a button, UTF-16 units. */
const labelUnits = 80;

/** The button under an alert: whoever is in the channel takes it, and the others see who. */
export const alertHandlers: ComponentHandlers<'take' | 'taken'> = {
  take: async ({ answer, services, say, place, interaction }, { alert }) => {
    await answer.deferUpdate();
    const outcome = (await services.humans?.take(alert, place.channel)) ?? 'gone';
    if (outcome === 'gone') {
      await answer.changeButtons([]);
      return answer.tell(notice(say('care.human.gone')));
    }
    if (outcome === 'before') return answer.tell(notice(say('care.human.before')));
    const user = interaction.member?.user ?? interaction.user;
    const who = user?.global_name ?? user?.username ?? place.userId;
    await answer.changeButtons([
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.Button,
            style: ButtonStyle.Success,
            label: shorten(say('care.human.takenBy', { who }), labelUnits),
            custom_id: componentId({ do: 'taken', alert }),
            disabled: true,
          },
        ],
      },
    ]);
  },
  taken: ({ answer }) => answer.deferUpdate(),
};
