import type { Character } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { type PersonId, sessionId } from '../../src/ids.js';
import type { MatchReason } from '../../src/matching/persona-scorer.js';
import { withoutControls } from '../../src/turn/stages/controls.js';
import { beginConversation, Conversation, type Exchange } from './conversation.js';
import type { Face } from './face.js';
import type { TerminalAdapter } from './terminal-adapter.js';
import type { TerminalServices } from './terminal-services.js';

/** A person at the terminal and the conversation they are in. */
export class TerminalChat {
  readonly services: TerminalServices;
  readonly person: PersonId;
  readonly face: Face;
  /** Told what went wrong, beside what the person reads in the conversation. */
  readonly #report: (error: RapportError) => void;
  readonly #adapter: TerminalAdapter;
  #conversation: Conversation | null = null;
  #hide: () => void = () => undefined;
  #answering = false;
  /** Messages answered, and those that ended with an error. */
  answered = 0;
  failed = 0;

  constructor(options: {
    readonly services: TerminalServices;
    readonly person: PersonId;
    readonly face: Face;
    readonly adapter: TerminalAdapter;
    readonly report: (error: RapportError) => void;
  }) {
    this.services = options.services;
    this.person = options.person;
    this.face = options.face;
    this.#adapter = options.adapter;
    this.#report = options.report;
  }

  get conversation(): Conversation | null {
    return this.#conversation;
  }

  get answering(): boolean {
    return this.#answering;
  }

  /** @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN */
  character(id: string): Character {
    const character = this.services.bank.get(id);
    if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
    return character;
  }

  /** Begins a new conversation; a `firstLine` in place of the greeting may be on the screen already (`shown`). */
  async open(
    character: Character,
    reasons?: readonly MatchReason[],
    { firstLine, shown = false }: { readonly firstLine?: string; readonly shown?: boolean } = {},
  ): Promise<void> {
    const opening = { character, ...(reasons && { reasons }), ...(firstLine !== undefined && { firstLine }) };
    const { conversation, session, entries } = await beginConversation(opening, this.person, this.services);
    this.#show(conversation);
    const { id, matchReasons } = session;
    this.face.opened({ session: id, character, reasons: matchReasons, entries, shown });
  }

  /** Goes on with an earlier conversation, showing its last lines and what waits for an answer. */
  async goOn(conversation: Conversation): Promise<void> {
    const { store, bank, say } = this.services;
    const session = await conversation.state();
    // Before the transcript: what is answered in between stands in both, and not in neither.
    const recorded = await store.inbox.waiting(conversation.id);
    const { entries } = await store.transcript.page(conversation.id, { limit: 6 });
    const character = bank.get(session?.characterId ?? '');
    if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: session?.characterId ?? '' });
    const waiting = recorded
      .filter(({ kind, id }) => kind === 'message' && !entries.some((entry) => entry.id === id))
      .map(({ text }) => text);
    this.#show(conversation);
    this.face.opened({
      session: conversation.id,
      character,
      reasons: session?.matchReasons ?? [],
      entries,
      ...(waiting.length > 0 && { waiting }),
      shown: false,
    });
    if (waiting.length > 0) this.face.aside(say('terminal.waiting'));
  }

  /** Sends what the person wrote; the first message of a conversation without a character finds one. */
  async say(text: string): Promise<void> {
    const conversation = this.#conversation ?? (await this.#matched(text));
    await this.#run(conversation, () => conversation.send(text));
  }

  async regenerate(): Promise<void> {
    const conversation = this.#conversation;
    if (conversation) await this.#run(conversation, () => conversation.regenerate(), 'terminal.nothingAnew');
  }

  /** Stops the reply that is being written; false if none is. */
  stop(): boolean {
    return this.#answering && (this.#conversation?.stop() ?? false);
  }

  /** @param nothing what to say where nothing came of it. */
  async #run(conversation: Conversation, exchange: () => Promise<Exchange>, nothing?: string): Promise<void> {
    this.#answering = true;
    try {
      const result = await exchange();
      this.answered += 1;
      this.face.exchanged(conversation.id, result);
      const { say } = this.services;
      if (nothing && result.status === 'answered' && result.entries.length === 0)
        this.face.aside(say(nothing));
      if (result.notice !== undefined) this.face.aside(result.notice);
      const error =
        result.status === 'busy'
          ? new RapportError('RAPPORT_E_SESSION_BUSY', { id: conversation.id })
          : result.error;
      if (error) this.fail(error);
    } catch (error) {
      if (!(error instanceof RapportError)) throw error;
      this.fail(error);
    } finally {
      this.#answering = false;
    }
  }

  /** Notes an error that does not end the chat. */
  fail(error: RapportError): void {
    this.failed += 1;
    this.#report(error);
  }

  /** A crisis statement or a control code is answered at once, without choosing anybody first. */
  async #matched(text: string): Promise<Conversation> {
    const { care, steering, scorer, bank, store, random, say } = this.services;
    const plain = withoutControls(text, steering);
    const persona = (await store.people.profile(this.person))?.persona ?? { facts: [] };
    const worry = [persona.worry, plain].filter(Boolean).join(' ');
    const [best] =
      plain === '' || (await care.answer([text], null)) !== null
        ? []
        : await scorer.rank({ ...persona, worry }, bank.all, 1);
    if (best) {
      const { character, reasons } = best;
      this.face.aside(say('terminal.matched', { name: character.name, reason: reasons[0]?.text ?? '' }));
      await this.open(character, reasons, { firstLine: '' });
    } else this.#show(new Conversation(sessionId(`terminal:${random.id()}`), this.person, this.services));
    if (!this.#conversation) throw new RapportError('RAPPORT_E_INTERNAL', { reference: 'terminal' });
    return this.#conversation;
  }

  #show(conversation: Conversation): void {
    this.#hide();
    this.#conversation = conversation;
    this.#hide = this.#adapter.show(conversation.id, (id, message) => this.face.message(id, message));
  }
}
