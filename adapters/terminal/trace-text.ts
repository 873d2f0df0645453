import type { ReplyExplanation } from '../../src/commands/why.js';
import type { Json, StageTrace, TurnTrace } from '../../src/state/trace.js';

/** UTF-16 units of a quoted text. */
const maxChars = 90;

/** A turn's trace for reading: a line a stage, with what it decided below it. */
export function traceText({ stages, totalMs }: TurnTrace): string {
  return [...stages.map(stageText), `${'total'.padEnd(9)} ${totalMs} ms`].join('\n');
}

function stageText({ stage, ms, decision }: StageTrace): string {
  const plain: string[] = [];
  const lists: string[] = [];
  for (const [key, value] of Object.entries(decision)) {
    if (value === undefined || value === null || inline(value) === '') continue;
    if (Array.isArray(value))
      lists.push(...(value as readonly Json[]).map((item) => `    ${key}: ${inline(item)}`));
    else plain.push(`${key} ${inline(value)}`);
  }
  return [`${stage.padEnd(9)} ${ms} ms${plain.length > 0 ? `  ${plain.join(', ')}` : ''}`, ...lists].join(
    '\n',
  );
}

function inline(value: Json | undefined): string {
  if (typeof value === 'number') return String(Math.round(value * 1_000) / 1_000);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(inline).join(', ');
  return Object.entries(value as Readonly<Record<string, Json | undefined>>)
    .map(([key, inner]) => (key === 'text' ? `“${short(inline(inner))}”` : `${key} ${inline(inner)}`))
    .join(', ');
}

function short(text: string): string {
  return text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text;
}

/** An explanation for reading: a heading a section, its sentences below it. */
export function explanationText({ sections }: ReplyExplanation): string {
  return sections
    .map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');
}
