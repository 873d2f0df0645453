/** A Markdown code fence that is open: its run of backticks and the first word of its info string. */
export interface Fence {
  readonly marker: string;
  readonly info: string;
}

const opening = /^[ \t]*(`{3,8})(?!`)[ \t]*([^`]*)$/;
const closing = /^[ \t]*(`{3,})[ \t]*$/;
const longestInfo = 32;

/**
 * The fence state after one whole line (CommonMark 0.31, 4.5, backtick fences only; any indentation is accepted because
 * models indent code inside lists). Runs of more than eight backticks are text.
 */
export function fenceAfterLine(line: string, before: Fence | null): Fence | null {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (before) return closes(text, before) ? null : before;
  const found = opening.exec(text);
  if (!found) return null;
  const word = (found[2] ?? '').split(/\s/, 1)[0] ?? '';
  return { marker: found[1] ?? '```', info: word.length <= longestInfo ? word : '' };
}

/** Whether a line ends the fence. */
export function closes(line: string, fence: Fence): boolean {
  const found = closing.exec(line);
  return found !== null && (found[1] ?? '').length >= fence.marker.length;
}

/** Whether a line opens a fence. */
export function opens(line: string): boolean {
  return opening.test(line);
}

/** The fence state after `text`, which may end in the middle of a line (an unfinished line can close, but not open). */
export function fenceAfterText(text: string, before: Fence | null): Fence | null {
  let fence = before;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    fence = fenceAfterLine(text.slice(start, end), fence);
    start = end + 1;
  }
  return fence && closes(text.slice(start), fence) ? null : fence;
}

/** The line that opens the fence again in the next message. */
export function reopenLine(fence: Fence, maxInfo: number): string {
  return `${fence.marker}${fence.info.length <= maxInfo ? fence.info : ''}\n`;
}

/** What is put after the last line of a message to close the fence. */
export function closeLine(fence: Fence): string {
  return `\n${fence.marker}`;
}
