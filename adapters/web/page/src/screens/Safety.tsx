import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Safety as Protocol } from '../api/types.js';
import { RichText } from '../components/RichText.js';
import { Screen } from '../components/Screen.js';
import { attempt } from '../state/toasts.js';
import { words } from '../state/words.js';

/** What happens when somebody is in danger, and who helps where the person is. */
export function Safety() {
  const phrases = words().safety;
  const [protocol, setProtocol] = useState<Protocol | null>(null);
  useEffect(() => void attempt(async () => setProtocol(await api.safety())), []);
  return (
    <Screen page={phrases.page} title={protocol?.title ?? phrases.page} lead={phrases.lead} narrow>
      <div class="sections">
        {protocol?.sections.map(({ title, text }) => (
          <section key={title}>
            <h2>{title}</h2>
            <RichText text={text} phones />
          </section>
        ))}
      </div>
    </Screen>
  );
}
