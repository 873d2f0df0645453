import { isJson } from './arguments.js';
import { elementsOf } from './blocks.js';
import type { Json, View } from './cloud.js';

/** The action that pressing an element sends; null when it is not the one that is called so. */
export function pressedElement(element: Json, name: string, value?: string): Json | null {
  const type = element.type;
  const id = element.action_id;
  const base = { type, action_id: id };
  if (type === 'feedback_buttons') {
    for (const side of ['positive', 'negative'] as const) {
      const button = element[`${side}_button`];
      if (isJson(button) && (name === side || (id === name && value === button.value)))
        return { ...base, value: button.value, text: button.text };
    }
    return null;
  }
  const label = isJson(element.text) ? element.text.text : undefined;
  if (id !== name && label !== name) return null;
  if (type === 'button' || type === 'icon_button')
    return { ...base, value: element.value, text: element.text };
  if (value === undefined) return base;
  if (type === 'overflow' || String(type).endsWith('static_select') || type === 'radio_buttons')
    return { ...base, selected_option: { text: { type: 'plain_text', text: value }, value } };
  if (type === 'checkboxes') {
    const chosen = value === '' ? [] : value.split(',');
    return {
      ...base,
      selected_options: chosen.map((one) => ({ text: { type: 'plain_text', text: one }, value: one })),
    };
  }
  return { ...base, value };
}

/** `state.values` of a submission: each input with what was typed, or with its initial value. */
export function stateOf(view: View, values: Readonly<Record<string, unknown>>): Json {
  const blocks = Array.isArray(view.view.blocks) ? view.view.blocks.filter(isJson) : [];
  const state: Record<string, Json> = {};
  for (const [index, block] of blocks.entries()) {
    const blockId = String(block.block_id ?? `block-${index}`);
    for (const element of elementsOf(block)) {
      const actionId = element.action_id;
      if (typeof actionId !== 'string' || element.type === 'button') continue;
      const given = values[actionId] ?? values[blockId];
      state[blockId] = { ...state[blockId], [actionId]: inputState(element, given) };
    }
  }
  return state;
}

function inputState(element: Json, given: unknown): Json {
  const type = String(element.type);
  const option = (value: unknown): Json => ({
    text: { type: 'plain_text', text: String(value) },
    value: String(value),
  });
  if (type === 'multi_conversations_select')
    return { type, selected_conversations: given ?? element.initial_conversations ?? [] };
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    const chosen = Array.isArray(given) ? given.map(option) : (element.initial_options ?? []);
    return { type, selected_options: chosen };
  }
  if (type === 'radio_buttons' || type.endsWith('select')) {
    return {
      type,
      selected_option: given === undefined ? (element.initial_option ?? null) : option(given),
    };
  }
  return { type, value: given === undefined ? (element.initial_value ?? null) : given };
}
