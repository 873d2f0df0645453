import {
  type APIComponentInContainer,
  type APIInteractionResponseCallbackData,
  type APIMessageTopLevelComponent,
  type APITextDisplayComponent,
  ComponentType,
  MessageFlags,
} from 'discord-api-types/v10';

/** All the text of one message made of components, UTF-16 units. */
export const messageTextUnits = 4_000;

/** A message made of components (Components V2): its text lies in text displays, and it mentions nobody. */
export interface MessageBody
  extends Pick<APIInteractionResponseCallbackData, 'flags' | 'components' | 'allowed_mentions'> {
  readonly flags: MessageFlags;
  readonly components: APIMessageTopLevelComponent[];
  readonly allowed_mentions: { readonly parse: [] };
}

export function text(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** A box with a coloured edge. */
export function box(
  ...components: readonly APIComponentInContainer[]
): APIMessageTopLevelComponent & { readonly type: ComponentType.Container } {
  return { type: ComponentType.Container, accent_color: accent, components: [...components] };
}

const accent = 0x6c5ce7;

/** A message of these components. Text beyond what a message holds is cut at the end of the message; empty texts are left out. */
export function message(...components: readonly APIMessageTopLevelComponent[]): MessageBody {
  let left = messageTextUnits;
  const fit = <C extends APIMessageTopLevelComponent | APIComponentInContainer>(component: C): C[] => {
    switch (component.type) {
      case ComponentType.TextDisplay: {
        const content = shorten(component.content.trim(), left);
        left -= content.length;
        return content === '' ? [] : [{ ...component, content }];
      }
      case ComponentType.Section: {
        const texts = component.components.flatMap((child) => fit(child));
        return texts.length === 0 ? [] : [{ ...component, components: texts }];
      }
      case ComponentType.Container: {
        const inner = component.components.flatMap((child) => fit(child));
        return inner.length === 0 ? [] : [{ ...component, components: inner }];
      }
      default:
        return [component];
    }
  };
  return {
    flags: MessageFlags.IsComponentsV2,
    components: components.flatMap((component) => fit(component)),
    allowed_mentions: { parse: [] },
  };
}

/** A message of one plain text. */
export function notice(content: string): MessageBody {
  return message(text(content));
}

/** Characters that Discord's Markdown gives a meaning to anywhere in a line. */
const meaningful = /[\\*_~`|<>[\]]/g;
/** What makes a line a heading, a list or small print. */
const lineStart = /^(\s*)(#|-|\+|\d+\.)(?=\s|#)/gm;

/** Text shown as it was typed: its Markdown is taken apart. */
export function plain(text: string): string {
  return text.replace(meaningful, '\\$&').replace(lineStart, '$1\\$2');
}

/** At most `units` UTF-16 units, cut between characters (and words where there are any) and marked with an ellipsis. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, Math.max(0, units - 1)).replace(/[\uD800-\uDBFF]$/, '');
  const word = cut.search(/\s\S*$/);
  return `${(word > units / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}

/** Text as a block quotation. */
export function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Small print. */
export function small(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `-# ${line}`))
    .join('\n');
}
