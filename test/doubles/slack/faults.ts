/**
 * How a call goes wrong. `refuse` and `status` have no effect; `cut` closes the connection before the call is read,
 * `drop` after it took effect; `hang` never answers (`after`: once it took effect); `delay` takes effect and answers late.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang'; readonly after: boolean }
  | { readonly kind: 'delay'; readonly ms: number };

/** Faults to come, per method; `*` is any method. The first that was planned happens first. */
export class Faults {
  readonly #planned: { readonly method: string; readonly fault: Fault; left: number }[] = [];

  /** The next `times` calls answer `{ok: false, error}`. */
  refuse(method: string, error: string, times = 1): void {
    this.#plan(method, { kind: 'refuse', error }, times);
  }
  /** The next `times` calls are answered 429. */
  rateLimit(method: string, retryAfterS: number, times = 1): void {
    this.#plan(method, { kind: 'status', status: 429, retryAfterS }, times);
  }
  /** The next `times` calls are answered with this HTTP status. */
  status(method: string, status: number, times = 1): void {
    this.#plan(method, { kind: 'status', status }, times);
  }
  /** The connection closes before the call takes effect. */
  cut(method: string, times = 1): void {
    this.#plan(method, { kind: 'cut' }, times);
  }
  /** The call takes effect, its answer is lost. */
  drop(method: string, times = 1): void {
    this.#plan(method, { kind: 'drop' }, times);
  }
  /** No answer, ever. */
  hang(method: string, options: { readonly after?: boolean; readonly times?: number } = {}): void {
    this.#plan(method, { kind: 'hang', after: options.after ?? false }, options.times ?? 1);
  }
  /** The call takes effect, and is answered, `ms` late. */
  delay(method: string, ms: number, times = 1): void {
    this.#plan(method, { kind: 'delay', ms }, times);
  }
  /** Forgets what was planned. */
  clear(): void {
    this.#planned.splice(0);
  }

  /** The fault of this call, if it has one. */
  take(method: string): Fault | null {
    const at = this.#planned.findIndex((plan) => plan.method === method || plan.method === '*');
    const plan = this.#planned[at];
    if (!plan) return null;
    plan.left -= 1;
    if (plan.left <= 0) this.#planned.splice(at, 1);
    return plan.fault;
  }

  #plan(method: string, fault: Fault, times: number): void {
    if (times > 0) this.#planned.push({ method, fault, left: times });
  }
}
