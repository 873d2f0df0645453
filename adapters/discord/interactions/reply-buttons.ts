import { createHash } from 'node:crypto';
import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import { displayName } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import type { SessionId } from '../../../src/ids.js';
import { componentId, readComponentId, sessionCode } from './component-id.js';

export type ButtonRow = APIActionRowComponent<APIButtonComponentWithCustomId>;

export interface ReplyRow {
  readonly sessionId: string;
  /** `<session id>#<n>`. */
  readonly turnId: string;
  /** The nonce the message was posted under; nothing where it need not be found again (an edit). */
  readonly nonce?: string;
  /** `streaming`: can be stopped. `marker`: done, the reply goes on below. `done`: the end of the reply. */
  readonly state: 'streaming' | 'marker' | 'done';
  readonly feedback?: 'up' | 'down' | null;
  readonly say: Say;
}

/**
 * The buttons of a message of a reply. They carry the session, the turn and the nonce, so that they work after a restart
 * and a message whose receipt was lost can be found by them ({@link nonceIn}).
 */
export function rowFor({ sessionId, turnId, nonce = '0', state, feedback = null, say }: ReplyRow): ButtonRow {
  const session = sessionCode(sessionId as SessionId);
  const turn = turnId.slice(turnId.lastIndexOf('#') + 1);
  const at = { session, turn, nonce };
  switch (state) {
    case 'streaming':
      return row(button(say('discord.buttons.stop'), '⏹️', componentId({ do: 'stop', ...at })));
    case 'marker':
      return row({ ...button('⋯', null, componentId({ do: 'sent', ...at })), disabled: true });
    case 'done':
      return row(
        // A reply that only its person sees cannot be answered by typing below it.
        ...(session.startsWith('u') || session.startsWith('c')
          ? [
              button(
                say('discord.buttons.write'),
                '💬',
                componentId({ do: 'write', session }),
                ButtonStyle.Primary,
              ),
            ]
          : []),
        button(say('discord.buttons.regenerate'), '🔄', componentId({ do: 'regenerate', ...at })),
        thumb('up', '👍', ButtonStyle.Success),
        thumb('down', '👎', ButtonStyle.Danger),
      );
  }

  function thumb(which: 'up' | 'down', emoji: string, pressed: ButtonStyle.Success | ButtonStyle.Danger) {
    const isPressed = feedback === which;
    const id = componentId({ do: 'feedback', ...at, value: isPressed ? 'none' : which });
    return button(null, emoji, id, isPressed ? pressed : ButtonStyle.Secondary);
  }
}

/** The buttons under the offer of another character. */
export function offerRow({
  sessionId,
  character,
  say,
}: {
  readonly sessionId: string;
  readonly character: { readonly id: string; readonly name: string; readonly shortName?: string | undefined };
  readonly say: Say;
}): ButtonRow {
  const at = {
    do: 'offer',
    session: sessionCode(sessionId as SessionId),
    mark: markOf(character.id),
  } as const;
  const name = displayName(character);
  return row(
    button(
      say('discord.buttons.take', { name }).slice(0, labelUnits),
      '🤝',
      componentId({ ...at, answer: 'take' }),
      ButtonStyle.Primary,
    ),
    button(say('discord.buttons.decline'), null, componentId({ ...at, answer: 'decline' })),
  );
}

/** Tells the character of one offer from that of another: 6 base-36 digits. */
export function markOf(characterId: string): string {
  const digest = createHash('sha256').update(characterId).digest('hex').slice(0, 12);
  return BigInt(`0x${digest}`).toString(36).padStart(6, '0').slice(-6);
}

/** The nonce that a message's buttons carry; null where none does. */
export function nonceIn(components: readonly APIMessageTopLevelComponent[] | undefined): string | null {
  for (const id of customIdsOf(components ?? [])) {
    const action = readComponentId(id);
    if (action && 'nonce' in action && action.nonce !== '0') return action.nonce;
  }
  return null;
}

function customIdsOf(components: readonly APIMessageTopLevelComponent[]): string[] {
  return components.flatMap((component) =>
    component.type === ComponentType.ActionRow
      ? component.components.flatMap((child) => ('custom_id' in child ? [child.custom_id] : []))
      : [],
  );
}

/** The longest label of a button, UTF-16 units. */
export const labelUnits = 80;

export function row(...components: APIButtonComponentWithCustomId[]): ButtonRow {
  return { type: ComponentType.ActionRow, components };
}

export function button(
  label: string | null,
  emoji: string | null,
  custom_id: string,
  style: APIButtonComponentWithCustomId['style'] = ButtonStyle.Secondary,
): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style,
    custom_id,
    ...(label !== null && { label }),
    ...(emoji !== null && { emoji: { name: emoji } }),
  };
}
