import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hello } from '../state/account.js';
import { fill, words } from '../state/words.js';

let first = true;

interface ScreenProps {
  /** Goes into the title of the browser tab. */
  readonly page: string;
  readonly title: string;
  readonly lead?: string;
  readonly narrow?: boolean;
  readonly children: ComponentChildren;
}

/** A screen with a heading that takes the focus when the screen is entered, so that it is read out. */
export function Screen({ page, title, lead, narrow = false, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(page);
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
    document.querySelector('.main')?.scrollTo(0, 0);
  }, []);
  return (
    <div class={narrow ? 'screen screen-narrow' : 'screen'}>
      <header class="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(page: string): void {
  const name = hello.value?.name ?? '';
  useEffect(() => {
    document.title = fill(words().app.documentTitle, { page, name });
  }, [page, name]);
}
