import { useMemo, useState } from 'preact/hooks';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';
import { type Block, type Inline, parseRichText } from '../text/rich-text.js';
import { Icon } from './Icon.js';

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
          <Pieces of={inline.children} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Pieces of={inline.children} />
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

function Pieces({ of }: { of: readonly Inline[] }) {
  return (
    <>
      {of.map((inline, index) => (
        <Piece key={index} inline={inline} />
      ))}
    </>
  );
}

/** Code with the button that copies it. */
function Code({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const { copied: done, copyCode } = words().actions;
  const copy = async (): Promise<void> => {
    if (await attempt(() => navigator.clipboard.writeText(text))) setCopied(true);
  };
  return (
    <div class="code">
      <pre>
        <code>{text}</code>
      </pre>
      {navigator.clipboard !== undefined && (
        <button
          type="button"
          class="action code-copy"
          aria-label={copied ? done : copyCode}
          title={copied ? done : copyCode}
          onClick={() => void copy()}
        >
          <Icon name={copied ? 'check' : 'copy'} size={16} />
        </button>
      )}
    </div>
  );
}

function Part({ block }: { block: Block }) {
  switch (block.kind) {
    case 'code':
      return <Code text={block.text} />;
    case 'paragraph':
      return (
        <p>
          <Pieces of={block.children} />
        </p>
      );
    case 'heading': {
      // Below the headings of the page.
      const Heading = `h${Math.min(6, block.level + 2)}` as 'h3';
      return (
        <Heading>
          <Pieces of={block.children} />
        </Heading>
      );
    }
    case 'quote':
      return (
        <blockquote>
          <Parts of={block.blocks} />
        </blockquote>
      );
    case 'table':
      return (
        <div class="rich-table">
          <table>
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  <th key={index} scope="col">
                    <Pieces of={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, index) => (
                    <td key={index}>
                      <Pieces of={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

function Parts({ of }: { of: readonly Block[] }) {
  return (
    <>
      {of.map((block, index) => (
        <Part key={index} block={block} />
      ))}
    </>
  );
}

/** Text as people and models write it, drawn as elements and text nodes; nothing in it is ever read as HTML. */
export function RichText({ text, phones = false }: { text: string; phones?: boolean }) {
  const blocks = useMemo(() => parseRichText(text, { phones }), [text, phones]);
  return (
    <div class="rich">
      <Parts of={blocks} />
    </div>
  );
}
