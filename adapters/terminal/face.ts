import type { Character } from '../../characters/schema.js';
import type { OutgoingMessage } from '../../src/delivery/adapter.js';
import type { SessionId } from '../../src/ids.js';
import type { MatchReason } from '../../src/matching/persona-scorer.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import { stripControls } from '../../src/text/strip-controls.js';
import type { Exchange } from './conversation.js';
import { type Paint, ReplyPrinter } from './reply-printer.js';
import { wrapped } from './word-wrap.js';

/** Where a conversation is shown: as text for a person, or as JSON Lines for a program. */
export interface Face {
  /** The program about itself: banner, hints. Left out of JSON. */
  aside(text: string): void;
  /** A conversation has begun, or goes on. */
  opened(begun: Opened): void;
  /** A reply as it grows. */
  message(id: string, message: ShownMessage): void;
  /** Nothing more comes of the message that was growing. */
  end(): void;
  /** The message was answered. */
  exchanged(session: SessionId, exchange: Exchange): void;
  /** What a command answers: text for a person, data for a program. */
  answer(command: string, text: string, data: Readonly<Record<string, unknown>>): void;
}

export type ShownMessage = Pick<OutgoingMessage, 'text' | 'kind' | 'speaker'>;

export interface Opened {
  readonly session: SessionId;
  readonly character: Character;
  readonly reasons: readonly MatchReason[];
  readonly entries: readonly TranscriptEntry[];
  /** What the person wrote that is recorded and not answered yet, oldest first. */
  readonly waiting?: readonly string[];
  /** The lines are on the screen already. */
  readonly shown: boolean;
}

export class ScreenFace implements Face {
  readonly #write: (text: string) => void;
  readonly #paint: Paint;
  readonly #printer: ReplyPrinter;
  readonly #columns: () => number | undefined;

  /** @param columns of the screen; undefined for a pipe. */
  constructor(
    write: (text: string) => void,
    paint: Paint,
    columns: () => number | undefined = () => undefined,
  ) {
    this.#write = write;
    this.#paint = paint;
    this.#columns = columns;
    this.#printer = new ReplyPrinter(write, paint, columns);
  }

  aside(text: string): void {
    this.#printer.end();
    this.#write(`${this.#paint.aside(this.#wrapped(text))}\n`);
  }

  opened({ entries, waiting = [], shown }: Opened): void {
    if (shown) return;
    for (const { role, text, speakerName } of entries)
      if (role === 'notice') this.aside(text);
      else this.#line(speakerName, text);
    for (const text of waiting) this.#line('', text);
  }

  message(id: string, message: ShownMessage): void {
    this.#printer.show(id, message);
  }

  end(): void {
    this.#printer.end();
  }

  exchanged(): void {
    this.end();
  }

  answer(_command: string, text: string): void {
    this.#printer.end();
    this.#write(`${this.#wrapped(text)}\n`);
  }

  #line(speaker: string, text: string): void {
    const name = speaker ? `${speaker}:` : '>';
    const line = this.#wrapped(`${name} ${text}`).slice(name.length);
    this.#write(`${this.#paint.name(name)}${line}\n`);
  }

  #wrapped(text: string): string {
    return wrapped(stripControls(text), this.#columns());
  }
}

export class JsonFace implements Face {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  aside(): void {}
  message(): void {}
  end(): void {}

  opened({ session, character: { id, name }, reasons, entries, waiting }: Opened): void {
    this.#line({
      type: 'opened',
      session,
      character: { id, name },
      reasons,
      entries: entries.map(withoutPerson),
      ...(waiting && { waiting }),
    });
  }

  exchanged(session: SessionId, { status, notice, entries, error }: Exchange): void {
    this.#line({
      type: 'exchange',
      session,
      status,
      ...(notice !== undefined && { notice }),
      entries: entries.map(withoutPerson),
      error: error && { code: error.code, message: error.message, cure: error.cure },
    });
  }

  answer(command: string, _text: string, data: Readonly<Record<string, unknown>>): void {
    this.#line({ type: 'answer', command, ...data });
  }

  #line(value: unknown): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }
}

function withoutPerson({ personId: _, ...entry }: TranscriptEntry): Omit<TranscriptEntry, 'personId'> {
  return entry;
}
