import { closes, type Fence, fenceAfterLine, opens } from './fence.js';

/** A stretch of text that is kept whole: offsets [start, end); an `end` of Infinity runs on past what is known. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place to cut: the text before `visibleEnd` is seen, white space up to `cut` is dropped. */
interface Candidate {
  readonly cut: number;
  readonly visibleEnd: number;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const mentionsAndLinks =
  /<(?:https?:|mailto:)[^<>\n]*(?:>|$)|<(?:[@#!:/]|a:|t:)[^<>\n]{0,120}(?:>|$)|https?:\/\/[^\s<>]*/g;
/** The beginning of a mention or link of which the rest has not been seen. */
const begunToken = /(?:<[a-z:]{0,7}|h(?:t(?:t(?:p(?:s?(?::\/?)?)?)?)?)?)$/;
const inlineCode = /`[^`\n]+(?:`|$)/g;
const whiteSpace = /\s+/g;
const sentenceEnd = /[.!?…。！？]["'”’»)\]」』）*_]*$/;
const wideSentenceEnd = /[。！？]["'”’」』）)]*/g;

/** A cut at a paragraph, line or sentence end must fill at least this share of the message, else a later one is taken. */
const wellFilled = 0.5;
/** A cut between two words must fill at least this share, else the long word itself is cut. */
const littleFilled = 0.25;

/** Whether a cut at `at` separates two grapheme clusters, judged by the characters next to it (white space or punctuation before). */
function separates(text: string, at: number): boolean {
  if (at >= text.length || text.charCodeAt(at) < 0x300) return true;
  return graphemes.segment(text.slice(at - 1, at + 2)).containing(1)?.index === 1;
}

/** Last grapheme boundary at or before `limit`; inside the cluster only when one cluster fills everything after `from`. */
function graphemeCut(text: string, from: number, limit: number): number {
  const index = graphemes.segment(text.slice(from)).containing(limit - from)?.index ?? limit - from;
  if (index > 0) return from + index;
  const low = text.charCodeAt(limit);
  return low >= 0xdc00 && low <= 0xdfff ? limit - 1 : limit;
}

/** Stretches that are never cut: mentions, custom emoji, links, URLs, and lines that open or close a fence. */
function wholeSpans(
  text: string,
  from: number,
  limit: number,
  fences: boolean,
  before: Fence | null,
): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(mentionsAndLinks)) {
    const end = match.index + match[0].length;
    const runsOn = end === text.length && !match[0].endsWith('>');
    spans.push({ start: match.index, end: runsOn ? Number.POSITIVE_INFINITY : end });
  }
  const begun = begunToken.exec(text);
  if (begun) spans.push({ start: begun.index, end: Number.POSITIVE_INFINITY });
  if (fences) addFenceLines(text, before, spans);
  // What begins the message and does not fit must be cut all the same.
  return spans.filter((span) => span.end <= limit || text.slice(from, span.start).trim() !== '');
}

function addFenceLines(text: string, before: Fence | null, spans: Span[]): void {
  let fence = before;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    if (fence ? closes(line, fence) : opens(line)) {
      // An opening line keeps its first line of code with it: a cut right behind it would leave an empty block.
      spans.push({ start, end: newline < 0 ? Number.POSITIVE_INFINITY : fence ? end : end + 2 });
    }
    fence = fenceAfterLine(line, fence);
    start = end + 1;
  }
}

function inside(spans: readonly Span[], at: number): Span | undefined {
  return spans.find((span) => span.start < at && at < span.end);
}

export interface CutRequest {
  /** The text of the message so far, from the start of its piece to the character that no longer fits. */
  readonly text: string;
  /** Offset of the first visible character. */
  readonly from: number;
  /** The last offset at which the visible text may end. */
  readonly limit: number;
  readonly fences: boolean;
  /** The fence the piece began in. */
  readonly opening: Fence | null;
  /** `best` looks for the nicest place, `last` for the latest between two words. */
  readonly prefer: 'best' | 'last';
}

/**
 * Where to cut: the last paragraph, line or sentence end in the second half, else the last gap between words, else
 * inside the word at a grapheme boundary. Never inside a mention, custom emoji, link or URL that fits into a message;
 * inside inline code only if there is no other place. A function of the request alone, so a cut once made stays.
 * @returns an offset in (from, text.length].
 */
export function chooseCut(request: CutRequest): number {
  const { text, from, limit } = request;
  const whole = wholeSpans(text, from, limit, request.fences, request.opening);
  const code = [...text.matchAll(inlineCode)].map((m) => ({ start: m.index, end: endOf(m, text) }));
  const found = candidates(request, whole, code);
  const fills = (candidate: Candidate | undefined, share: number): candidate is Candidate =>
    candidate !== undefined && candidate.visibleEnd - from >= (limit - from) * share;
  if (request.prefer === 'best') {
    for (const candidate of [found.paragraph, found.line, found.sentence]) {
      if (fills(candidate, wellFilled)) return candidate.cut;
    }
  }
  if (fills(found.word, littleFilled)) return found.word.cut;
  if (fills(found.inCode, littleFilled)) return found.inCode.cut;
  const hard = graphemeCut(text, from, limit);
  const span = inside(whole, hard);
  return span && separates(text, span.start) ? span.start : hard;
}

function endOf(match: RegExpMatchArray, text: string): number {
  const end = (match.index ?? 0) + match[0].length;
  return end === text.length ? Number.POSITIVE_INFINITY : end;
}

interface Found {
  paragraph?: Candidate;
  line?: Candidate;
  sentence?: Candidate;
  /** The last of any kind outside inline code. */
  word?: Candidate;
  inCode?: Candidate;
}

function candidates(request: CutRequest, whole: readonly Span[], code: readonly Span[]): Found {
  const { text, from, limit } = request;
  const found: Found = {};
  for (const match of text.matchAll(wideSentenceEnd)) {
    const cut = match.index + match[0].length;
    if (cut > limit) break;
    if (cut > from && !inside(whole, cut) && separates(text, cut)) found.sentence = { cut, visibleEnd: cut };
  }
  if (found.sentence) found.word = found.sentence;
  for (const match of text.matchAll(whiteSpace)) {
    const visibleEnd = match.index;
    if (visibleEnd > limit) break;
    const newline = match[0].lastIndexOf('\n');
    const cut = newline >= 0 ? visibleEnd + newline + 1 : visibleEnd + match[0].length;
    if (visibleEnd <= from || inside(whole, cut) || !separates(text, cut)) continue;
    const candidate = { cut, visibleEnd };
    if (inside(code, cut)) {
      found.inCode = candidate;
      continue;
    }
    if (!found.word || cut > found.word.cut) found.word = candidate;
    if (newline >= 0 && match[0].indexOf('\n') !== newline) found.paragraph = candidate;
    if (newline >= 0) found.line = candidate;
    else if (sentenceEnd.test(text.slice(Math.max(from, visibleEnd - 8), visibleEnd))) {
      if (!found.sentence || cut > found.sentence.cut) found.sentence = candidate;
    }
  }
  return found;
}
