import { reasonOf } from '../../config/errors.js';
import type { Logger } from '../telemetry/logger.js';
import type { Asked, FactChoice, FactChooser } from './fact-chooser.js';

/** Chooses as `usual` does; where that fails, as `standIn` does: a turn does not end for what is known of a person. */
export class FallbackFactChooser implements FactChooser {
  readonly #usual: FactChooser;
  readonly #standIn: FactChooser;
  readonly #logger: Logger;

  constructor(usual: FactChooser, standIn: FactChooser, logger: Logger) {
    this.#usual = usual;
    this.#standIn = standIn;
    this.#logger = logger;
  }

  get kind(): string {
    return this.#usual.kind;
  }

  async choose(asked: Asked, facts: readonly string[]): Promise<FactChoice> {
    try {
      return await this.#usual.choose(asked, facts);
    } catch (error) {
      this.#logger.warn(
        { reason: reasonOf(error) },
        `known facts cannot be chosen by ${this.kind}; ${this.#standIn.kind} instead`,
      );
      return this.#standIn.choose(asked, facts);
    }
  }
}
