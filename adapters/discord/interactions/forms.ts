import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import { type ComponentAction, componentId } from './component-id.js';
import { shorten } from './message-body.js';

/** Discord's limits of a form, UTF-16 units. */
export const formUnits = { title: 45, label: 45, description: 100, placeholder: 100, value: 4_000 } as const;

/** A form: what sending it means, its title and at most five fields. */
export function form(
  action: ComponentAction,
  title: string,
  fields: readonly APILabelComponent[],
): APIModalInteractionResponseCallbackData {
  return { custom_id: componentId(action), title: shorten(title, formUnits.title), components: [...fields] };
}

export interface TextField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly value?: string | undefined;
  readonly long?: boolean;
  readonly required?: boolean;
  /** UTF-16 units. */
  readonly max: number;
}

export function textField(field: TextField): APILabelComponent {
  const max = Math.min(field.max, formUnits.value);
  return label(field, {
    type: ComponentType.TextInput,
    custom_id: field.name,
    style: field.long ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required: field.required ?? false,
    max_length: max,
    ...(field.placeholder && { placeholder: shorten(field.placeholder, formUnits.placeholder) }),
    ...(field.value && { value: shorten(field.value, max) }),
  });
}

export interface ChoiceField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  /** At most 25. */
  readonly values: readonly string[];
  readonly value?: string | undefined;
}

/** One of several values, or none. */
export function choiceField(field: ChoiceField): APILabelComponent {
  return label(field, {
    type: ComponentType.StringSelect,
    custom_id: field.name,
    required: false,
    min_values: 0,
    max_values: 1,
    ...(field.placeholder && { placeholder: shorten(field.placeholder, formUnits.placeholder) }),
    options: field.values.map((value) => ({
      label: value,
      value,
      ...(value === field.value && { default: true }),
    })),
  });
}

function label(
  field: { readonly label: string; readonly description?: string },
  component: APILabelComponent['component'],
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: shorten(field.label, formUnits.label),
    ...(field.description && { description: shorten(field.description, formUnits.description) }),
    component,
  };
}

/** What a person filled in, by field; the first choice of a menu, '' for none. */
export function fieldsOf({
  components,
}: Pick<APIModalSubmission, 'components'>): ReadonlyMap<string, string> {
  const fields = components.flatMap((component) => {
    if (component.type === ComponentType.Label) return [component.component];
    return component.type === ComponentType.ActionRow ? component.components : [];
  });
  return new Map(
    fields.map((field) => {
      const value = 'values' in field ? (field.values[0] ?? '') : field.value;
      return [field.custom_id, typeof value === 'string' ? value : ''] as const;
    }),
  );
}
