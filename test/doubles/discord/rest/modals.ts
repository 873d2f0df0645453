import { type APIModalInteractionResponseCallbackData, ComponentType } from 'discord-api-types/v10';
import { listOf, nodeOf } from '../world/nodes.js';
import { type FieldError, invalidForm } from './errors.js';

const inLabel: ReadonlySet<unknown> = new Set([
  ComponentType.StringSelect,
  ComponentType.TextInput,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
  ComponentType.FileUpload,
  ComponentType.RadioGroup,
  ComponentType.CheckboxGroup,
  ComponentType.Checkbox,
]);

/** Options a choice component may have. */
const optionLimits: Readonly<Record<number, readonly [least: number, most: number]>> = {
  [ComponentType.StringSelect]: [1, 25],
  [ComponentType.RadioGroup]: [2, 10],
  [ComponentType.CheckboxGroup]: [1, 10],
};

/** Checks a modal and gives its components ids. @throws DiscordError 50035. */
export function parseModal(data: unknown): APIModalInteractionResponseCallbackData {
  const modal = nodeOf(data);
  const errors: FieldError[] = [];
  const length = (value: unknown, path: FieldError['path'], least: number, most: number): void => {
    if (typeof value !== 'string' || value.length < least || value.length > most)
      errors.push({
        path,
        code: 'BASE_TYPE_BAD_LENGTH',
        message: `Must be between ${least} and ${most} in length.`,
      });
  };
  length(modal.title, ['data', 'title'], 1, 45);
  length(modal.custom_id, ['data', 'custom_id'], 1, 100);
  const components = listOf(modal.components);
  if (components.length < 1 || components.length > 5)
    errors.push({
      path: ['data', 'components'],
      code: 'BASE_TYPE_BAD_LENGTH',
      message: 'Must be between 1 and 5 in length.',
    });
  const ids = new Set<unknown>();
  const field = (
    node: Readonly<Record<string, unknown>>,
    path: FieldError['path'],
    labelled: boolean,
  ): void => {
    if (labelled ? !inLabel.has(node.type) : node.type !== ComponentType.TextInput) {
      errors.push({
        path: [...path, 'type'],
        code: 'BASE_TYPE_CHOICES',
        message: 'Value of field "type" is not allowed here.',
      });
      return;
    }
    length(node.custom_id, [...path, 'custom_id'], 1, 100);
    if (ids.has(node.custom_id))
      errors.push({
        path: [...path, 'custom_id'],
        code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
        message: 'Component custom id cannot be duplicated',
      });
    ids.add(node.custom_id);
    if (node.placeholder !== undefined)
      length(
        node.placeholder,
        [...path, 'placeholder'],
        0,
        node.type === ComponentType.TextInput ? 100 : 150,
      );
    if (node.type === ComponentType.TextInput) {
      if (node.value !== undefined) length(node.value, [...path, 'value'], 0, 4_000);
      if (!labelled) length(node.label, [...path, 'label'], 1, 45);
    }
    const limits = optionLimits[Number(node.type)];
    const options = listOf(node.options);
    if (limits && (options.length < limits[0] || options.length > limits[1]))
      errors.push({
        path: [...path, 'options'],
        code: 'BASE_TYPE_BAD_LENGTH',
        message: `Must be between ${limits[0]} and ${limits[1]} in length.`,
      });
    for (const [at, option] of options.entries()) {
      length(option.label, [...path, 'options', at, 'label'], 1, 100);
      length(option.value, [...path, 'options', at, 'value'], 1, 100);
    }
  };
  for (const [at, component] of components.entries()) {
    const path = ['data', 'components', at];
    if (component.type === ComponentType.Label) {
      length(component.label, [...path, 'label'], 1, 45);
      if (component.description !== undefined)
        length(component.description, [...path, 'description'], 0, 100);
      field(nodeOf(component.component), [...path, 'component'], true);
    } else if (component.type === ComponentType.ActionRow) {
      for (const [inner, node] of listOf(component.components).entries())
        field(node, [...path, 'components', inner], false);
    } else if (component.type !== ComponentType.TextDisplay)
      errors.push({
        path: [...path, 'type'],
        code: 'BASE_TYPE_CHOICES',
        message: 'Value of field "type" must be one of (1, 10, 18).',
      });
  }
  if (errors.length > 0) throw invalidForm(errors);
  return numbered(data) as APIModalInteractionResponseCallbackData;
}

/** Gives every component that has no `id` the next number, as Discord does. */
export function numbered(data: unknown): unknown {
  let next = 0;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Readonly<Record<string, unknown>>;
    const isComponent = typeof node.type === 'number';
    if (isComponent) next += 1;
    return {
      ...node,
      ...(isComponent ? { id: typeof node.id === 'number' ? node.id : next } : {}),
      ...(node.components === undefined ? {} : { components: walk(node.components) }),
      ...(node.component === undefined ? {} : { component: walk(node.component) }),
      ...(node.accessory === undefined ? {} : { accessory: walk(node.accessory) }),
    };
  };
  return walk(data);
}
