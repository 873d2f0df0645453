import type { Decoding } from './decoding.js';

export interface Drawn {
  readonly token: number;
  /** Natural logarithm of the token's probability under the model, before any rule of decoding. */
  readonly logProbability: number;
}

/**
 * Draws the next token from `logits` [vocabulary], which are changed: repetition penalty (Keskar et al. 2019) and
 * n-gram rule over `reply`, `banned` tokens out, then temperature, top-k, top-p (Holtzman et al. 2020) and min-p.
 * @param random uniform in [0, 1)
 */
export function drawToken(
  logits: Float32Array,
  reply: readonly number[],
  banned: readonly number[],
  decoding: Decoding,
  random: () => number,
): Drawn {
  const total = logSumExp(logits);
  const drawn = (token: number, logit: number): Drawn => ({ token, logProbability: logit - total });
  const changed = new Map<number, number>();
  for (const token of new Set(reply)) {
    const logit = logits[token] ?? 0;
    changed.set(token, logit);
    logits[token] = logit > 0 ? logit / decoding.repetitionPenalty : logit * decoding.repetitionPenalty;
  }
  const ban = (token: number): void => {
    if (!changed.has(token)) changed.set(token, logits[token] ?? 0);
    logits[token] = Number.NEGATIVE_INFINITY;
  };
  for (const token of repeating(reply, decoding.noRepeatNgram)) ban(token);
  for (const token of banned) ban(token);
  const kept = highest(logits, decoding.temperature === 0 ? 1 : decoding.topK || logits.length);
  const token = decoding.temperature === 0 ? (kept[0] ?? 0) : draw(logits, kept, decoding, random);
  return drawn(token, changed.get(token) ?? logits[token] ?? 0);
}

/** Tokens that would complete a run of `size` tokens the reply already has. */
export function repeating(reply: readonly number[], size: number): Set<number> {
  const found = new Set<number>();
  if (size < 1 || reply.length < size) return found;
  const end = reply.slice(reply.length - size + 1);
  for (let start = 0; start + size <= reply.length; start += 1) {
    const next = reply[start + size - 1];
    if (next !== undefined && end.every((token, i) => reply[start + i] === token)) found.add(next);
  }
  return found;
}

/** Indices of the `k` highest values, highest first. */
function highest(values: Float32Array, k: number): number[] {
  if (k >= values.length / 4)
    return Array.from(values.keys())
      .sort((a, b) => (values[b] as number) - (values[a] as number))
      .slice(0, k);
  const best: number[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < values.length; token += 1) {
    const value = values[token] as number;
    if (best.length === k && value <= floor) continue;
    let place = best.length;
    while (place > 0 && (values[best[place - 1] as number] as number) < value) place -= 1;
    best.splice(place, 0, token);
    if (best.length > k) best.pop();
    floor = values[best[best.length - 1] as number] as number;
  }
  return best;
}

function draw(
  logits: Float32Array,
  kept: readonly number[],
  decoding: Decoding,
  random: () => number,
): number {
  const top = logits[kept[0] ?? 0] ?? 0;
  const chances = kept.map((token) => Math.exp(((logits[token] ?? 0) - top) / decoding.temperature));
  const whole = chances.reduce((sum, chance) => sum + chance, 0);
  let nucleus = 0;
  let mass = 0;
  while (nucleus < kept.length) {
    const chance = (chances[nucleus] ?? 0) / whole;
    if (nucleus > 0 && (mass >= decoding.topP || chance < (decoding.minP * (chances[0] ?? 1)) / whole)) break;
    mass += chance;
    nucleus += 1;
  }
  let left = random() * mass * whole;
  for (let place = 0; place < nucleus; place += 1) {
    left -= chances[place] ?? 0;
    if (left < 0) return kept[place] ?? 0;
  }
  return kept[Math.max(0, nucleus - 1)] ?? 0;
}

/** Natural-log probability of a token under `logits` [vocabulary]. */
export function logProbabilityOf(logits: Float32Array, token: number): number {
  return (logits[token] ?? Number.NEGATIVE_INFINITY) - logSumExp(logits);
}

function logSumExp(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** A small seeded generator (mulberry32), uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
