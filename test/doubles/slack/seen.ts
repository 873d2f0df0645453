import { isJson } from './arguments.js';
import { elementsOf, pingsOf, visibleBlocks, visibleText } from './blocks.js';
import type { Json, Message } from './cloud.js';

/** A message as a person in the channel sees it. */
export interface Seen {
  readonly ts: string;
  readonly threadTs: string | null;
  /** The name it stands under. */
  readonly name: string;
  readonly iconUrl: string | null;
  readonly byApp: boolean;
  readonly text: string;
  /** Labels of the buttons, feedback buttons as `positive` and `negative`. */
  readonly buttons: readonly string[];
  /** `action_id`s of everything that can be pressed. */
  readonly actions: readonly string[];
  readonly streaming: boolean;
  /** Slack shows "(edited)". */
  readonly edited: boolean;
  /** Only this person sees it. */
  readonly ephemeralTo: string | null;
  /** Whom it calls. */
  readonly pings: readonly string[];
}

/** A message as it stands now. */
export function seenMessage(message: Message): Seen {
  const elements = visibleBlocks(message).flatMap(elementsOf);
  const actions = elements.flatMap(({ action_id: id }) => (typeof id === 'string' ? [id] : []));
  return {
    ts: message.ts,
    threadTs: message.threadTs,
    name: message.username ?? message.channel.team.users.get(message.user)?.name ?? message.user,
    iconUrl: message.iconUrl,
    byApp: message.byApp,
    text: visibleText(message),
    buttons: elements.flatMap(labelsOf),
    actions,
    streaming: message.stream?.state === 'in_progress',
    edited: message.edited,
    ephemeralTo: message.ephemeralTo,
    pings: pingsOf(message),
  };
}

function labelsOf(element: Json): string[] {
  if (element.type === 'feedback_buttons') return ['positive', 'negative'];
  if (element.type !== 'button' && element.type !== 'icon_button') return [];
  return isJson(element.text) ? [String(element.text.text ?? '')] : [];
}
