import { useMemo } from 'preact/hooks';
import { fill, words } from '../state/words.js';
import { type Inline, parseRichText } from '../text/rich-text.js';

function Piece({ inline }: { inline: Inline }) {
  switch (inline.kind) {
    case 'text':
      return <>{inline.text}</>;
    case 'break':
      return <br />;
    case 'code':
      return <code>{inline.text}</code>;
    case 'strong':
      return (
        <strong>
          {inline.children.map((child, index) => (
            <Piece key={index} inline={child} />
          ))}
        </strong>
      );
    case 'em':
      return (
        <em>
          {inline.children.map((child, index) => (
            <Piece key={index} inline={child} />
          ))}
        </em>
      );
    case 'link':
      if (/^(?:tel|sms):/i.test(inline.href)) {
        const label = fill(words().notice.call, { number: inline.text });
        return (
          <a class="phone" href={inline.href} aria-label={label}>
            {inline.text}
          </a>
        );
      }
      return (
        <a href={inline.href} target="_blank" rel="noreferrer noopener">
          {inline.text.replace(/^https?:\/\//, '').replace(/\/$/, '')}
        </a>
      );
  }
}

/** Text as people and models write it, drawn as elements and text nodes; nothing in it is ever read as HTML. */
export function RichText({ text, phones = false }: { text: string; phones?: boolean }) {
  const blocks = useMemo(() => parseRichText(text, { phones }), [text, phones]);
  return (
    <div class="rich">
      {blocks.map((block, index) =>
        block.kind === 'code' ? (
          <pre key={index}>
            <code>{block.text}</code>
          </pre>
        ) : (
          <p key={index}>
            {block.children.map((inline, at) => (
              <Piece key={at} inline={inline} />
            ))}
          </p>
        ),
      )}
    </div>
  );
}
