import type {
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  ModalView,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { z } from 'zod';

/** Slack's limits, UTF-16 units (docs.slack.dev, Block Kit). */
const limits = {
  section: 3_000,
  header: 150,
  button: 75,
  option: 75,
  label: 200,
  placeholder: 150,
  modalTitle: 24,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  value: 2_000,
} as const;
/** Blocks of a home tab or modal. */
const maxBlocks = 100;

/** A text of at most `units`, with an ellipsis where something was left out; no character is cut in half. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  return `${text
    .slice(0, units - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

/** Text without markup. */
const plain = (text: string, units: number): PlainTextElement => ({
  type: 'plain_text',
  text: cut(text, units) || ' ',
  emoji: true,
});

/** Text with Slack's markup; words of people and characters in it have to be escaped (`escapeText`). */
const mrkdwn = (text: string): MrkdwnElement => ({
  type: 'mrkdwn',
  text: cut(text, limits.section) || ' ',
});

export const section = (text: string, accessory?: Button): SectionBlock => ({
  type: 'section',
  text: mrkdwn(text),
  ...(accessory && { accessory }),
});

export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text, limits.header) });

/** Small grey text. */
export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

export const divider: KnownBlock = { type: 'divider' };

export const actions = (...elements: ActionsBlockElement[]): KnownBlock => ({ type: 'actions', elements });

export interface ButtonParts {
  readonly text: string;
  readonly action: string;
  readonly value?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

/** @throws Error when the value is too long for Slack: it would come back cut. */
export function button({ text, action, value, style, confirm }: ButtonParts): Button {
  if ((value?.length ?? 0) > limits.value) throw new Error(`the value of ${action} is too long`);
  return {
    type: 'button',
    text: plain(text, limits.button),
    action_id: action,
    ...(value !== undefined && value !== '' && { value }),
    ...(style && { style }),
    ...(confirm && { confirm }),
  };
}

export interface ConfirmParts {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
}

/** "Are you sure?" before a button acts. */
export const confirmation = ({ title, text, yes, no, danger }: ConfirmParts): ConfirmationDialog => ({
  title: plain(title, limits.confirmTitle),
  text: plain(text, limits.confirmText),
  confirm: plain(yes, limits.confirmButton),
  deny: plain(no, limits.confirmButton),
  ...(danger && { style: 'danger' as const }),
});

export interface InputParts {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly element: InputBlock['element'];
}

/** A field of a form that may be left empty; its block and action carry the same id. */
export const field = ({ id, label, hint, element }: InputParts): InputBlock => ({
  type: 'input',
  block_id: id,
  optional: true,
  label: plain(label, limits.label),
  ...(hint && { hint: plain(hint, limits.label) }),
  element,
});

export const placeholder = (text: string): PlainTextElement => plain(text, limits.placeholder);

export const option = (text: string, value: string): { text: PlainTextElement; value: string } => ({
  text: plain(text, limits.option),
  value,
});

export interface ModalParts {
  readonly callback: string;
  readonly title: string;
  readonly close: string;
  readonly submit?: string;
  readonly blocks: readonly KnownBlock[];
  /** What the form has to know when it comes back, at most 3,000 units. */
  readonly metadata?: string;
}

export function modal({ callback, title, close, submit, blocks, metadata }: ModalParts): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    title: plain(title, limits.modalTitle),
    close: plain(close, limits.modalTitle),
    ...(submit && { submit: plain(submit, limits.modalTitle) }),
    blocks: blocks.slice(0, maxBlocks),
    ...(metadata !== undefined && { private_metadata: metadata }),
  };
}

/** At most what a home tab may hold. */
export const bounded = (blocks: readonly KnownBlock[]): KnownBlock[] => blocks.slice(0, maxBlocks);

const choiceSchema = z.object({ value: z.string() });

const elementSchema = z.object({
  value: z.string().nullish(),
  selected_option: choiceSchema.nullish(),
  selected_options: z.array(choiceSchema).nullish(),
  selected_conversations: z.array(z.string()).nullish(),
});

/** `view.state.values`: block id → action id → what was entered. */
export const formValuesSchema = z.record(z.string(), z.record(z.string(), elementSchema));
export type FormValues = z.infer<typeof formValuesSchema>;

/** The text of a field; '' when it was left empty. A field's block and action carry the same id. */
export const typed = (values: FormValues, id: string): string => values[id]?.[id]?.value ?? '';

/** The value of the chosen option; '' for none. */
export const chosen = (values: FormValues, id: string): string =>
  values[id]?.[id]?.selected_option?.value ?? '';

/** Whether an option is ticked. */
export const ticked = (values: FormValues, id: string, value: string): boolean =>
  values[id]?.[id]?.selected_options?.some((option) => option.value === value) ?? false;

/** Ids of the chosen conversations. */
export const conversations = (values: FormValues, id: string): readonly string[] =>
  values[id]?.[id]?.selected_conversations ?? [];
