import { stripControls } from '../text/strip-controls.js';
import type { CommandServices } from './command-services.js';

/** A file that came with a message, as the platform describes it. */
export interface OfferedFile {
  readonly name: string;
  /** The platform's word for what it is (`text/plain; charset=utf-8`), where it gives one. */
  readonly contentType?: string;
  /** Bytes. */
  readonly size: number;
}

/** A file with its bytes; null where it was not fetched: not to be read, or the download failed. */
export interface ReceivedFile extends OfferedFile {
  readonly bytes: Uint8Array | null;
}

/** What is to be done with a file: fetch and read it, or say why not. A download must end at `limits.attachmentBytes`, whatever `size` said. */
export type AttachmentVerdict = 'read' | 'too-large' | 'not-text';

export function judgeAttachment(
  { config }: Pick<CommandServices, 'config'>,
  file: OfferedFile,
): AttachmentVerdict {
  if (!looksLikeText(file)) return 'not-text';
  return file.size > config.limits.attachmentBytes ? 'too-large' : 'read';
}

/** A message with the text of its files. */
export interface WovenMessage {
  /** What to hand to the session; empty where there is nothing to answer. */
  readonly text: string;
  /** A plain sentence for each file that was not read, or not to its end. */
  readonly notices: readonly string[];
}

/**
 * Puts the text of the files behind the message, each between a line with its name and a line that ends it, as long as the
 * whole stays within `server.maxMessageChars` (UTF-16 units).
 */
export function weaveAttachments(
  services: Pick<CommandServices, 'config' | 'say'>,
  text: string,
  files: readonly ReceivedFile[],
): WovenMessage {
  const { config, say } = services;
  const notices: string[] = [];
  const unseen: string[] = [];
  let woven = text.trim();
  for (const file of files) {
    const name = shownName(file.name);
    const content = contentOf(services, file);
    if (typeof content !== 'string') {
      if (content.key === 'attachment.notText') unseen.push(name);
      notices.push(say(content.key, { name, limit: Math.floor(config.limits.attachmentBytes / 1_024) }));
      continue;
    }
    const before = `${woven === '' ? '' : '\n\n'}${say('attachment.begin', { name })}\n`;
    const whole = `${before}${content}\n${say('attachment.end', { name })}`;
    const left = config.server.maxMessageChars - woven.length;
    if (whole.length <= left) {
      woven += whole;
      continue;
    }
    const end = `\n${say('attachment.cutEnd', { name })}`;
    const room = left - before.length - end.length;
    const kept = room < leastKept ? '' : beginning(content, room);
    notices.push(say(kept === '' ? 'attachment.noRoom' : 'attachment.cut', { name }));
    if (kept !== '') woven += `${before}${kept}${end}`;
  }
  // Who is answered should not seem to have been looked past: the character knows that there was something.
  if (woven === '' || unseen.length === 0) return { text: woven, notices };
  const named = say('attachment.unseen', { names: unseen.map((name) => `"${name}"`).join(', ') });
  const whole = `${woven}\n\n${named}`;
  return { text: whole.length <= config.server.maxMessageChars ? whole : woven, notices };
}

/** Less of a file than this is not worth reading, UTF-16 units. */
const leastKept = 200;

type Problem = 'notText' | 'tooLarge' | 'failed' | 'empty';

function contentOf(
  services: Pick<CommandServices, 'config'>,
  file: ReceivedFile,
): string | { readonly key: `attachment.${Problem}` } {
  const verdict = judgeAttachment(services, file);
  if (verdict === 'not-text') return { key: 'attachment.notText' };
  if (verdict === 'too-large') return { key: 'attachment.tooLarge' };
  if (file.bytes === null) return { key: 'attachment.failed' };
  if (file.bytes.byteLength > services.config.limits.attachmentBytes) return { key: 'attachment.tooLarge' };
  const content = decodeText(file.bytes);
  if (content === null) return { key: 'attachment.notText' };
  const plain = stripControls(content)
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
  return plain === '' ? { key: 'attachment.empty' } : plain;
}

/** Text in UTF-8, or in UTF-16 with a byte order mark; null for anything else. The mark itself is left out. */
export function decodeText(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8';
  const encoding = first === 0xfe && second === 0xff ? 'utf-16be' : wide;
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The beginning of a text: at most `units` UTF-16 units, up to the end of a line or word where one is near. */
function beginning(text: string, units: number): string {
  const cut = text.slice(0, units).replace(/[\uD800-\uDBFF]$/, '');
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf(' '));
  return cut.slice(0, end > units * 0.8 ? end : cut.length).trimEnd();
}

/** One line without quotation marks, at most 80 units. */
function shownName(name: string): string {
  const line = stripControls(name)
    .replace(/["\s]+/g, ' ')
    .trim();
  return line.length <= 80 ? line : `${line.slice(0, 79).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Names that tell of text, whatever the platform takes the file for (a `.ts` is a video to some). */
const textNames = new RegExp(
  `\\.(?:${[
    'txt|text|md|markdown|mdx|rst|adoc|org|log|csv|tsv|json|jsonl|ndjson|json5|yaml|yml|toml|ini|cfg|conf|env|properties',
    'xml|html|htm|css|scss|less|js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|py|rb|php|pl|lua|r|jl|java|kt|kts|scala|groovy',
    'c|h|cc|cpp|hpp|cs|go|rs|swift|zig|hs|ml|clj|ex|exs|erl|sh|bash|zsh|fish|ps1|bat|sql|graphql|proto|tex|bib|srt|vtt|diff|patch|ics|vcf|eml',
  ].join('|')})$`,
  'i',
);
/** Names that tell of something else, although the platform may call it text. */
const otherNames = /\.(?:rtf|svg|pdf|docx?|xlsx?|pptx?|odt|ods|odp|zip|gz|png|jpe?g|gif|webp|mp[34])$/i;
const textTypes =
  /^(?:text\/(?!rtf)|application\/(?:json|ld\+json|x-ndjson|jsonl|xml|yaml|x-yaml|toml|javascript|x-javascript|typescript|x-sh|x-shellscript|x-python|x-httpd-php|sql|graphql|x-subrip|x-tex|csv)(?:$|[;\s]))/i;

function looksLikeText({ name, contentType = '' }: OfferedFile): boolean {
  return textNames.test(name) || (!otherNames.test(name) && textTypes.test(contentType.trim()));
}
