import type { Trace } from '../api/types.js';
import { Bar } from '../components/Bar.js';
import { wordFor, words } from '../state/words.js';
import { msOf } from '../text/dates.js';

/** How long each stage took. */
export function Timing({ trace }: { trace: Trace }) {
  const phrases = words().why;
  const longest = Math.max(...trace.stages.map(({ ms }) => ms), 1);
  return (
    <table class="timing">
      <tbody>
        {trace.stages.map(({ stage, ms }, index) => (
          <tr key={`${stage}-${index}`}>
            <th scope="row">{wordFor(phrases.stages, stage)}</th>
            <td class="timing-bar">
              <Bar share={ms / longest} tone={stage === 'model' ? 'accent' : 'quiet'} />
            </td>
            <td class="timing-ms">{msOf(ms)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{phrases.total}</th>
          <td />
          <td class="timing-ms">{msOf(trace.totalMs)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
