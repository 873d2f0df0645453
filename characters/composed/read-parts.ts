import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RapportError, reasonOf } from '../../config/errors.js';
import {
  headSchema,
  type Part,
  type Pool,
  partIdSchema,
  poolSchema,
  pools,
  typedPools,
} from './part-schema.js';

/** The parts of a bank by pool, each pool in the order of its files. */
export type Parts = Readonly<Record<Pool, readonly Part[]>>;

export interface PartProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/**
 * Reads the hand-written parts of a folder (`*.txt`). All or nothing.
 * @throws RapportError RAPPORT_E_CHARACTERS_INVALID naming every problem with file and line.
 */
export function readParts(folder: string): Parts {
  const problems: PartProblem[] = [];
  const parts: Part[] = [];
  try {
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith('.txt')) continue;
      const file = join(folder, name);
      parts.push(...parseParts(readFileSync(file, 'utf8'), file, problems));
    }
  } catch (error) {
    problems.push({ file: folder, line: 0, reason: reasonOf(error) });
  }
  const seen = new Set<string>();
  for (const { pool, id } of parts) {
    const key = `${pool} ${id}`;
    if (seen.has(key)) problems.push({ file: folder, line: 0, reason: `[${key}] is there twice` });
    seen.add(key);
  }
  if (problems.length > 0)
    throw new RapportError('RAPPORT_E_CHARACTERS_INVALID', {
      count: problems.length,
      problems: problems
        .map(({ file, line, reason }) => `  ${file}${line ? `:${line}` : ''}  ${reason}`)
        .join('\n'),
    });
  const byPool = Object.fromEntries(pools.map((pool) => [pool, [] as Part[]])) as Record<Pool, Part[]>;
  for (const part of parts) byPool[part.pool].push(part);
  return byPool;
}

const head = /^\[(\S+) ([^\]]+)\]\s*(.*)$/;
const option = /([a-z]+)=(?:"([^"]*)"|(\S+))/g;

/** The parts of one file: blocks divided by empty lines. What is wrong is added to `problems`. */
export function parseParts(text: string, file: string, problems: PartProblem[]): Part[] {
  const parts: Part[] = [];
  let block: string[] = [];
  let start = 1;
  for (const [index, line] of [...text.split(/\r?\n/), ''].entries()) {
    if (line.trim() !== '') {
      if (block.length === 0) start = index + 1;
      block.push(line.trim());
      continue;
    }
    if (block.length === 0) continue;
    const found = parsePart(block);
    if (typeof found === 'string') problems.push({ file, line: start, reason: found });
    else parts.push(found);
    block = [];
  }
  return parts;
}

/** The part, or what is wrong with it. */
function parsePart([first = '', ...lines]: readonly string[]): Part | string {
  const [, pool, id, rest = ''] = head.exec(first) ?? [];
  const parsedPool = poolSchema.safeParse(pool);
  const parsedId = partIdSchema.safeParse(id);
  if (!parsedPool.success || !parsedId.success)
    return `a part begins with [POOL id], not with "${first.slice(0, 60)}"`;
  const given = Object.fromEntries(
    [...rest.matchAll(option)].map(([, key, quoted, bare]) => [key, quoted ?? bare]),
  );
  if (rest.replace(option, '').trim() !== '') return `not a key: ${rest.replace(option, '').trim()}`;
  const parsed = headSchema.safeParse(given);
  if (!parsed.success)
    return parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'head'}: ${message}`)
      .join('; ');
  const body: string[] = [];
  const say: [string, string][] = [];
  const told = { sum: '', helps: '' };
  for (const line of lines) {
    const [, question, answer] = /^say ([a-z-]+):\s*(.+)$/.exec(line) ?? [];
    const [, key, value] = /^(sum|helps):\s*(.+)$/.exec(line) ?? [];
    if (question && answer) say.push([question, answer]);
    else if (key && value) told[key as keyof typeof told] = value.replace(/\.$/, '');
    else body.push(line);
  }
  const part: Part = {
    ...parsed.data,
    pool: parsedPool.data,
    id: parsedId.data,
    text: body.join(' ').replace(/\s+/g, ' ').trim(),
    say,
    ...told,
  };
  return missing(part) ?? part;
}

const summed: ReadonlySet<Pool> = new Set(['hobby', 'job', 'growth', 'worry']);
const helping: ReadonlySet<Pool> = new Set(['growth', 'worry']);
const slot = /\{([^}]*)\}/g;
const knownSlot = /^(?:town|region|man2?|woman2?|year:-\d+)$/;

function missing({
  pool,
  text,
  sum,
  helps,
  title,
  type,
  partner,
  children,
  siblings,
  parents,
}: Part): string | null {
  if (text === '') return 'the text is missing';
  if (summed.has(pool) && sum === '') return 'the line "sum:" is missing';
  if (helping.has(pool) && helps === '') return 'the line "helps:" is missing';
  if (pool === 'job' && title === undefined) return 'title= is missing';
  if (typedPools.has(pool) !== (type !== undefined))
    return 'type= belongs to personality, strength and weakness, always';
  if (pool === 'family' && [partner, children, siblings, parents].includes(undefined))
    return 'a family tells partner=, children=, siblings= and parents=';
  const unknown = [...text.matchAll(slot)].find(([, name = '']) => !knownSlot.test(name));
  return unknown ? `unknown slot ${unknown[0]}` : null;
}
