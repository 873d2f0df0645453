import type { API } from '@discordjs/core/http-only';
import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { nonceOfNotice } from '../../../src/delivery/nonce.js';
import type { Alert, AlertPlace } from '../../../src/state/alert.js';
import { componentId } from '../interactions/component-id.js';
import { plain } from '../interactions/message-body.js';
import { plainFlags } from './message-text.js';
import { refusalOf } from './refusals.js';

/** Tells a channel that somebody asks for a human being. @throws RapportError RAPPORT_E_DELIVERY_FAILED */
export async function postAlert(
  api: Pick<API, 'channels'>,
  { channel, group }: AlertPlace,
  { id, person, name, text, button }: Alert,
): Promise<void> {
  const [platform, user = ''] = person.split(':');
  const shown = plain(name);
  const who = platform === 'discord' ? `<@${user}> (${shown})` : `${shown} (${plain(person)})`;
  try {
    await api.channels.createMessage(channel, {
      content: [...(group === undefined ? [] : [`<@&${group}>`]), text(who)].join(' '),
      nonce: nonceOfNotice(`alert:${id}:${channel}`),
      enforce_nonce: true,
      // Who is told of is shown by name and not called here.
      allowed_mentions: { parse: [], roles: group === undefined ? [] : [group] },
      components: [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.Button,
              style: ButtonStyle.Primary,
              label: button,
              custom_id: componentId({ do: 'take', alert: id }),
            },
          ],
        },
      ],
      flags: plainFlags,
    });
  } catch (error) {
    throw refusalOf(error);
  }
}
