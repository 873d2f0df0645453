import {
  type APIModalInteractionResponseCallbackData,
  ApplicationCommandOptionType,
  ComponentType,
} from 'discord-api-types/v10';
import { listOf, nodeOf } from '../world/nodes.js';
import { type GivenFile, Resolved } from '../world/options.js';
import type { ChannelRecord } from '../world/records.js';
import type { World } from '../world/world.js';

/** Text, chosen values, a tick, or files. */
export type ModalValue = string | boolean | readonly string[] | readonly GivenFile[];

type Node = Readonly<Record<string, unknown>>;

/** A filled-in modal as MODAL_SUBMIT holds it. @throws Error where Discord's client would not let it be sent. */
export function fillModal(
  world: World,
  channel: ChannelRecord,
  modal: APIModalInteractionResponseCallbackData,
  values: Readonly<Record<string, ModalValue>>,
): object {
  const resolved = new Resolved(world, channel);
  const used = new Set<string>();
  const field = (node: Node): object => {
    const customId = String(node.custom_id);
    used.add(customId);
    return { type: node.type, id: node.id, custom_id: customId, ...filled(node, values[customId], resolved) };
  };
  const components = modal.components.map((component) => {
    const node = component as unknown as Node;
    if (node.type === ComponentType.TextDisplay) return { type: node.type, id: node.id };
    if (node.type === ComponentType.Label)
      return { type: node.type, id: node.id, component: field(nodeOf(node.component)) };
    return { type: node.type, id: node.id, components: listOf(node.components).map(field) };
  });
  for (const name of Object.keys(values))
    if (!used.has(name)) throw new Error(`the modal has no field "${name}"`);
  return {
    custom_id: modal.custom_id,
    components,
    ...(Object.keys(resolved.data).length === 0 ? {} : { resolved: resolved.data }),
  };
}

function filled(node: Node, value: ModalValue | undefined, resolved: Resolved): object {
  const name = `field "${String(node.custom_id)}"`;
  const required = node.required !== false;
  if (node.type === ComponentType.TextInput) {
    const text = value === undefined ? String(node.value ?? '') : value;
    if (typeof text !== 'string') throw new Error(`${name} takes text`);
    if (text === '' && required) throw new Error(`${name} is required`);
    if (text.length > Number(node.max_length ?? 4_000)) throw new Error(`${name} is too long`);
    if (text !== '' && text.length < Number(node.min_length ?? 0)) throw new Error(`${name} is too short`);
    return { value: text };
  }
  if (node.type === ComponentType.Checkbox)
    return { value: value === undefined ? node.default === true : value === true };
  if (node.type === ComponentType.RadioGroup) {
    const chosen = value ?? listOf(node.options).find((option) => option.default === true)?.value ?? null;
    if (chosen === null && required) throw new Error(`${name} is required`);
    if (chosen !== null) mustOffer(node, name, [String(chosen)]);
    return { value: chosen };
  }
  if (node.type === ComponentType.FileUpload) {
    const files = (value ?? []) as readonly GivenFile[];
    if (files.length === 0 && required) throw new Error(`${name} is required`);
    return { values: files.map((file) => resolved.file(file).id) };
  }
  const chosen = (value ?? defaults(node)) as readonly string[];
  if (chosen.length === 0 && required) throw new Error(`${name} is required`);
  if (chosen.length > Number(node.max_values ?? Math.max(1, chosen.length)))
    throw new Error(`${name} takes fewer values`);
  if (Array.isArray(node.options)) mustOffer(node, name, chosen);
  else for (const id of chosen) resolveMenu(node, id, resolved);
  return { values: chosen };
}

function defaults(node: Node): string[] {
  return listOf(node.options)
    .filter((option) => option.default === true)
    .map((option) => String(option.value));
}

function mustOffer(node: Node, name: string, chosen: readonly string[]): void {
  const offered = listOf(node.options).map((option) => option.value);
  const strange = chosen.find((value) => !offered.includes(value));
  if (strange !== undefined) throw new Error(`${name} has no option "${strange}"`);
}

function resolveMenu(node: Node, id: string, resolved: Resolved): void {
  const type = {
    [ComponentType.UserSelect]: ApplicationCommandOptionType.User,
    [ComponentType.RoleSelect]: ApplicationCommandOptionType.Role,
    [ComponentType.ChannelSelect]: ApplicationCommandOptionType.Channel,
    [ComponentType.MentionableSelect]: ApplicationCommandOptionType.Mentionable,
  }[Number(node.type)];
  if (type !== undefined) resolved.value(type, id, false);
}
