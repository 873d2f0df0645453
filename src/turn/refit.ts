import type { RapportError } from '../../config/errors.js';
import { type BudgetedRoute, type FittedPrompt, tighterShare, windowOf } from '../prompting/budget.js';

/** How often a prompt is fitted anew because the server's window turned out to be smaller. */
const windowRetries = 4;

/** How a prompt is fitted again after the server said that it was too long. */
export class Refit {
  /** Share of the budget to use; undefined for all of it. */
  share: number | undefined;
  readonly #route: BudgetedRoute;
  #retries = 0;

  constructor(route: BudgetedRoute) {
    this.#route = route;
  }

  /**
   * Whether it is worth asking again, after a prompt fitted into `window` was refused. A window that the server named is known
   * by now; one that it kept to itself is felt for and remembered, so that the next conversation does not run into it; where both
   * agree, the tokens were counted too low.
   */
  again({ details }: RapportError, refused: FittedPrompt, window: number): boolean {
    const { model, modelName } = this.#route;
    this.#retries += 1;
    if (this.#retries > windowRetries) return false;
    if (windowOf(this.#route) < window) return true;
    if (model.facts && typeof details.window !== 'number') {
      const tried = refused.promptTokens + (refused.request.body.max_tokens ?? 0);
      model.facts.learnWindow(modelName, tried * tighterShare);
      return windowOf(this.#route) < window;
    }
    if (this.share !== undefined) return false;
    this.share = tighterShare;
    return true;
  }
}
