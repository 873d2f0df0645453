/** A small bar for a share in [0, 1]; the meaning is said beside it, so it is decoration for screen readers. */
export function Bar({ share, tone = 'accent' }: { share: number; tone?: 'accent' | 'quiet' }) {
  const width = `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  return (
    <span class={`bar bar-${tone}`} aria-hidden="true">
      <span class="bar-fill" style={{ width }} />
    </span>
  );
}
