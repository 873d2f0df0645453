import { ApiError } from './api-error.js';
import { isJson } from './arguments.js';
import type { Block, Cloud, Json, Message } from './cloud.js';

const maxBlocks = 50;
const maxMarkdown = 12_000;
const maxSectionText = 3_000;
const maxButtonText = 75;
const maxBlockId = 255;

/** @throws ApiError `invalid_blocks`, `msg_blocks_too_long`, `msg_blocks_too_many`. */
export function checkBlocks(blocks: readonly Block[]): void {
  if (blocks.length > maxBlocks) throw new ApiError('msg_blocks_too_many');
  const ids = blocks.flatMap((block) => (typeof block.block_id === 'string' ? [block.block_id] : []));
  if (new Set(ids).size < ids.length) throw invalid('`block_id` is not unique');
  if (ids.some((id) => id.length > maxBlockId)) throw invalid('`block_id` is too long');
  const markdown = blocks.filter((block) => block.type === 'markdown');
  if (markdown.some((block) => typeof block.text !== 'string' || block.text === ''))
    throw invalid('a markdown block without text');
  const length = markdown.reduce((sum, block) => sum + String(block.text).length, 0);
  if (length > maxMarkdown) throw new ApiError('msg_blocks_too_long');
  for (const block of blocks) checkBlock(block);
}

function checkBlock(block: Block): void {
  if (block.type === 'section') {
    const text = isJson(block.text) ? String(block.text.text ?? '') : null;
    if (text === null && !Array.isArray(block.fields)) throw invalid('a section without text');
    if (text !== null && (text === '' || text.length > maxSectionText))
      throw invalid('the text of a section');
  }
  if (block.type === 'actions' && elementsOf(block).length > 25) throw invalid('too many actions');
  if (block.type === 'context_actions') {
    const elements = elementsOf(block);
    if (elements.length > 5) throw invalid('too many context actions');
    if (elements.some(({ type }) => type !== 'feedback_buttons' && type !== 'icon_button'))
      throw invalid('an element that context_actions does not take');
  }
  const actionIds = elementsOf(block).flatMap(({ action_id: id }) => (typeof id === 'string' ? [id] : []));
  if (new Set(actionIds).size < actionIds.length) throw invalid('`action_id` is not unique in its block');
  for (const element of elementsOf(block)) {
    if (element.type !== 'button') continue;
    const text = isJson(element.text) ? String(element.text.text ?? '') : '';
    if (text === '' || text.length > maxButtonText) throw invalid('the text of a button');
    if (String(element.value ?? '').length > 2_000) throw invalid('the value of a button');
  }
}

function invalid(why: string): ApiError {
  return new ApiError('invalid_blocks', { response_metadata: { messages: [`[ERROR] ${why}`] } });
}

/** The blocks as Slack keeps them: each has an id, and that of a markdown block is never the one that was sent. */
export function keptBlocks(cloud: Cloud, blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    const own = block.type === 'markdown' ? undefined : block.block_id;
    return { ...block, block_id: own ?? cloud.id('blk') };
  });
}

export function elementsOf(block: Json): Json[] {
  const elements = Array.isArray(block.elements) ? block.elements.filter(isJson) : [];
  const accessory = block.accessory;
  const single = isJson(accessory) ? [accessory] : isJson(block.element) ? [block.element] : [];
  return [...elements, ...single];
}

/** The blocks a person sees now, those of a stream's chunks in front. */
export function visibleBlocks(message: Message): Block[] {
  const streamed = (message.stream?.chunks ?? []).flatMap((chunk) =>
    chunk.type === 'blocks' && Array.isArray(chunk.blocks) ? chunk.blocks : [],
  );
  return [...streamed.filter((block): block is Block => isJson(block)), ...message.blocks];
}

/** The words a person sees, as Markdown or mrkdwn, without buttons. */
export function visibleText(message: Message): string {
  const parts: string[] = [];
  const streamed = streamText(message);
  if (streamed !== '') parts.push(streamed);
  else if (message.markdown !== null) parts.push(message.markdown);
  const blocks = message.blocks.map(blockText).filter((text) => text !== '');
  if (blocks.length > 0) parts.push(...blocks);
  else if (parts.length === 0 && message.blocks.length === 0) parts.push(message.text);
  return parts.join('\n');
}

export function streamText(message: Message): string {
  return (message.stream?.chunks ?? [])
    .map((chunk) => (chunk.type === 'markdown_text' ? String(chunk.text ?? '') : ''))
    .join('');
}

function blockText(block: Block): string {
  if (block.type === 'markdown') return String(block.text);
  if (block.type === 'section' || block.type === 'header') {
    return isJson(block.text) ? String(block.text.text ?? '') : '';
  }
  if (block.type === 'context')
    return elementsOf(block)
      .map((element) => (typeof element.text === 'string' ? element.text : ''))
      .join(' ');
  return '';
}

const ping = /<(@[UW][A-Z0-9]+|!(?:channel|here|everyone)|!subteam\^[A-Z0-9]+)(?:\|[^>]*)?>/g;

/** Whom the words of a message call: `@U…`, `!channel`, `!subteam^S…`. */
export function pingsOf(message: Message): string[] {
  return [...visibleText(message).matchAll(ping)].flatMap((match) => (match[1] ? [match[1]] : []));
}
