import { z } from 'zod';
import type { Forwarded, SlackFile } from './events.js';

/** A message, as far as its words are looked for. */
export interface Worded {
  readonly text?: string | null | undefined;
  readonly attachments?: readonly unknown[] | undefined;
  readonly blocks?: readonly unknown[] | undefined;
}

const attachmentSchema = z.object({
  pretext: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  fallback: z.string().optional().catch(undefined),
  fields: z
    .array(z.object({ title: z.string().default(''), value: z.string().default('') }))
    .catch([])
    .default([]),
  /** The preview of a link, or a message that was forwarded. */
  from_url: z.string().optional().catch(undefined),
  is_share: z.boolean().optional().catch(undefined),
});
const textSchema = z.object({ text: z.string() });
/** Parts of a message that are looked at, and how deep they may lie in each other. */
const maxParts = 20;
const maxDepth = 5;

/**
 * The words of a message in Slack's markup: its text, else what its attachments say (alerts of other programs often have no
 * other text), else what its blocks say. '' where there are none.
 */
export function wordsOf({ text, attachments = [], blocks = [] }: Worded): string {
  if (text?.trim()) return text;
  const attached = attachments.slice(0, maxParts).map(attachedWords).filter(Boolean).join('\n');
  if (attached !== '') return attached;
  return blocks
    .slice(0, maxParts)
    .map((block) => blockWords(block, 0).trim())
    .filter(Boolean)
    .join('\n');
}

function attachedWords(attachment: unknown): string {
  const { success, data } = attachmentSchema.safeParse(attachment);
  if (!success || data.is_share || data.from_url !== undefined) return '';
  const { pretext, title, text, fallback, fields } = data;
  const listed = fields
    .slice(0, maxParts)
    .map((field) => [field.title, field.value].filter(Boolean).join(': '));
  const said = [pretext, title, text, ...listed].filter(Boolean).join('\n');
  return said || (fallback ?? '');
}

/** Text of a block: `text` itself or the `text` in it, else that of its elements, one behind the other. */
function blockWords(block: unknown, depth: number): string {
  if (typeof block !== 'object' || block === null || depth > maxDepth) return '';
  const { type, text, name, url, fields, elements } = block as Readonly<Record<string, unknown>>;
  if (typeof text === 'string') return text;
  if (type === 'emoji' && typeof name === 'string') return `:${name}:`;
  if (type === 'link' && typeof url === 'string') return url;
  const inner = textSchema.safeParse(text);
  const parts = [fields, elements].flatMap((list) => (Array.isArray(list) ? list.slice(0, maxParts) : []));
  const joint = type === 'rich_text' || type === 'rich_text_list' || Array.isArray(fields) ? '\n' : '';
  const said = parts.map((part) => blockWords(part, depth + 1)).filter(Boolean);
  return [inner.success ? inner.data.text : '', said.join(joint)].filter(Boolean).join('\n');
}

/** All files of a message: its own and those of the messages that were forwarded with it. */
export function filesOf({
  files,
  forwarded,
}: {
  readonly files: readonly SlackFile[];
  readonly forwarded: readonly Forwarded[];
}): readonly SlackFile[] {
  return [...files, ...forwarded.flatMap((message) => message.files)];
}
