import { reasonOf } from '../../config/errors.js';
import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../clock.js';
import type { PersonId, SessionId } from '../ids.js';
import type { ReplyAddress } from '../state/address.js';
import type { Alert } from '../state/alert.js';
import type { RiskKind } from '../state/risk.js';
import type { Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import { late, within } from '../within.js';

/** A place of `care.humans.to`. */
export type HumansPlace = Config['care']['humans']['to'][number];

/** Somebody who asks for a human being. To ask is to agree that it is told. */
export interface AskedForHuman {
  readonly person: PersonId;
  readonly session: SessionId;
  /** Where they are told that somebody has taken it. */
  readonly address: ReplyAddress;
  /** What they are called where they write. */
  readonly name: string;
  /** What they wrote behind the code, to be passed on; kept and told only where `care.humans.note` is set. */
  readonly note: string;
  /** What the last alarm was about, where there was one. */
  readonly about?: RiskKind | undefined;
}

export interface HumansOptions {
  readonly config: Config['care']['humans'];
  readonly store: Pick<Store, 'values'>;
  readonly say: Say;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells a place. @returns `taken` where it has said at once that somebody takes it. */
  readonly tell: (place: HumansPlace, alert: Alert) => Promise<'told' | 'taken'>;
  /** Whether people of a platform can be written to by whoever is told of them. */
  readonly reaches: (person: PersonId) => boolean;
  /** Says something to the person where they asked; a failure is of no consequence. */
  readonly inform: (asked: AskedForHuman, text: string, key: string) => Promise<void>;
}

/** An alert as it is kept until somebody takes it, a day at most. */
interface Kept extends AskedForHuman {
  readonly at: number;
  /** Places that were told. */
  readonly told: number;
  readonly toldAt: number;
}

const keptMs = 24 * 3_600_000;
const countMs = 10 * 366 * 24 * 3_600_000;
/** A place that is not told within this is passed over, ms. */
const tellMs = 4_000;
const sweepMs = 30_000;
/** So many alerts back are looked at. */
const lookedAt = 100;
/** Every place is told so often. */
const rounds = 2;
const noteUnits = 500;

/**
 * Tells people of the operator's (`care.humans`) that somebody asks for a human being: one place after the other until
 * somebody takes it. Only who asks is told of, and only with their name, what the last alarm was about, and the note they
 * wrote for it where the operator has that passed on.
 */
export class Humans {
  readonly #options: HumansOptions;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(options: HumansOptions) {
    this.#options = options;
  }

  /** Whether there is anybody to tell. */
  get areThere(): boolean {
    return this.#options.config.to.length > 0;
  }

  /** @returns what the person is told: who knows now, and what of them. */
  async ask(asked: AskedForHuman): Promise<string> {
    const { config, store, say, clock, reaches } = this.#options;
    const note = config.note ? asked.note.trim().slice(0, noteUnits).toWellFormed() : '';
    if (!this.areThere) return say('care.human.nobody');
    if (!reaches(asked.person) && note === '')
      return say(config.note ? 'care.human.sayHow' : 'care.human.nobody');
    if ((await keptOf(store, asked.person)) !== null) return say('care.human.already');
    const id = String(await store.values.increment(countKey, countMs));
    const now = clock.now();
    const kept = { ...asked, note, at: now, told: 0, toldAt: now };
    await store.values.set(personKey(asked.person), id, keptMs);
    await this.#keep(id, kept);
    const outcome = await this.#next(id, kept);
    if (outcome === 'none') await forgetAlert(store, asked.person);
    return say(
      outcome === 'none'
        ? 'care.human.failed'
        : outcome === 'taken'
          ? 'care.human.taken'
          : note === ''
            ? 'care.human.told'
            : 'care.human.toldNote',
    );
  }

  /** Somebody takes an alert. @param channel where they pressed: only those who were told may. */
  async take(id: string, channel: string): Promise<'taken' | 'before' | 'gone'> {
    const { config, store } = this.#options;
    if (!config.to.some((place) => channelOf(place) === channel)) return 'gone';
    const kept = await readKept(store, id);
    if (!kept) return (await store.values.get(takenKey(id))) === null ? 'gone' : 'before';
    return (await this.#taken(id, kept)) ? 'taken' : 'before';
  }

  /** Tells the next place of what nobody has taken in time. */
  async sweep(): Promise<void> {
    const { config, store, clock, logger } = this.#options;
    const count = Number((await store.values.get(countKey)) ?? 0);
    for (let n = Math.max(1, count - lookedAt + 1); n <= count; n += 1) {
      const id = String(n);
      const kept = await readKept(store, id);
      if (!kept || clock.now() - kept.toldAt < config.escalateMinutes * 60_000) continue;
      if (kept.told < rounds * config.to.length) await this.#next(id, kept);
      else {
        logger.error({ alert: id }, 'nobody took an alert of somebody who asked for a human being');
        await forgetAlert(store, kept.person);
      }
    }
  }

  start(): void {
    if (!this.areThere) return;
    this.#sweeper = setInterval(() => {
      this.sweep().catch((error: unknown) =>
        this.#options.logger.warn({ reason: reasonOf(error) }, 'open alerts could not be looked at'),
      );
    }, sweepMs);
    this.#sweeper.unref();
  }

  stop(): void {
    if (this.#sweeper) clearInterval(this.#sweeper);
  }

  /** Tells the next place that can be told. Of several processes one does. */
  async #next(id: string, kept: Kept): Promise<'told' | 'taken' | 'none'> {
    const { config, store, clock, logger } = this.#options;
    for (let step = kept.told; step < rounds * config.to.length; step += 1) {
      const place = config.to[step % config.to.length];
      if (!place || (await store.values.increment(stepKey(id, step), keptMs)) > 1) return 'told';
      try {
        const told = await within(clock, tellMs, this.#options.tell(place, this.#alert(id, kept)));
        if (told === late) throw new Error('it took too long');
        if (told === 'taken') await this.#taken(id, kept);
        // Erased or taken meanwhile: it stays so.
        else if (await readKept(store, id))
          await this.#keep(id, { ...kept, told: step + 1, toldAt: clock.now() });
        return told;
      } catch (error) {
        logger.error({ alert: id, step, reason: reasonOf(error) }, 'people could not be told of an alert');
      }
    }
    return 'none';
  }

  async #taken(id: string, kept: Kept): Promise<boolean> {
    const { store, say, inform } = this.#options;
    if ((await store.values.increment(takenKey(id), keptMs)) > 1) return false;
    await forgetAlert(store, kept.person);
    await inform(kept, say('care.human.taken'), `human:${id}`);
    return true;
  }

  #alert(id: string, { person, name, about, note }: Kept): Alert {
    const { say } = this.#options;
    const text = (who: string): string =>
      [
        say('care.human.alert', { who }),
        ...(about ? [say('care.human.about', { about: say(`care.human.kinds.${about}`) })] : []),
        ...(note === '' ? [] : [say('care.human.note', { note })]),
      ].join('\n');
    return { id, person, name, text, button: say('care.human.take') };
  }

  #keep(id: string, kept: Kept): Promise<void> {
    const { store, clock } = this.#options;
    const left = Math.max(1, kept.at + keptMs - clock.now());
    return store.values.set(alertKey(id), JSON.stringify(kept), left);
  }
}

/** What is kept of a person's asking, for their export; null where nothing is. */
export async function keptOf(store: Pick<Store, 'values'>, person: PersonId): Promise<object | null> {
  const id = await store.values.get(personKey(person));
  return id === null ? null : readKept(store, id);
}

/** Removes what is kept of a person's asking: it was taken, or they are erased. Whom it was told knows it all the same. */
export async function forgetAlert(store: Pick<Store, 'values'>, person: PersonId): Promise<void> {
  const id = await store.values.get(personKey(person));
  if (id === null) return;
  await store.values.remove(alertKey(id));
  await store.values.remove(personKey(person));
}

async function readKept(store: Pick<Store, 'values'>, id: string): Promise<Kept | null> {
  const kept = await store.values.get(alertKey(id));
  return kept === null ? null : (JSON.parse(kept) as Kept);
}

function channelOf(place: HumansPlace): string | null {
  return 'discord' in place ? place.discord : 'slack' in place ? place.slack : null;
}

const countKey = 'care:alerts';
const alertKey = (id: string): string => `care:alert:${id}`;
const takenKey = (id: string): string => `care:alert:${id}:taken`;
const stepKey = (id: string, step: number): string => `care:alert:${id}:step:${step}`;
const personKey = (person: PersonId): string => `care:human:${person}`;
