import type { Alert, AlertPlace } from '../../../src/state/alert.js';
import { actionIds } from '../actions/action-ids.js';
import { readSlackPerson } from '../address.js';
import type { SlackClients } from '../api/workspace-clients.js';
import { escapeText } from '../intake/plain-text.js';

/** Tells a channel that somebody asks for a human being. @throws what the WebClient throws. */
export async function postAlert(
  clients: SlackClients,
  { channel, team = '', group }: AlertPlace,
  { id, person, name, text, button }: Alert,
): Promise<void> {
  const known = readSlackPerson(person);
  const marker = '\u0000';
  // What people wrote is escaped; that a person or a group is named is not.
  const who = known?.team === team ? `<@${known.user}>` : escapeText(`${name} (${person})`);
  const called = group === undefined ? '' : `<!subteam^${group}> `;
  const words = `${called}${escapeText(text(marker)).replace(marker, () => who)}`;
  const client = await clients.of({ team });
  await client.chat.postMessage({
    channel,
    text: words,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: words.slice(0, 3_000) } },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: actionIds.takeAlert,
            style: 'primary',
            text: { type: 'plain_text', text: button },
            value: id,
          },
        ],
      },
    ],
  });
}

/** Says under an alert who has taken it. @throws what the WebClient throws. */
export async function postTaken(
  clients: SlackClients,
  { team, channel, message }: { readonly team: string; readonly channel: string; readonly message: string },
  words: string,
): Promise<void> {
  const client = await clients.of({ team });
  await client.chat.postMessage({ channel, thread_ts: message, text: words });
}
