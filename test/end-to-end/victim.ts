import { systemClock } from '../../src/clock.js';
import type { OutgoingMessage, PlatformAdapter, Receipt, ReplyAddress } from '../../src/delivery/adapter.js';
import { messageId } from '../../src/ids.js';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { PlatformDouble } from '../doubles/platform-double.js';
import { ScriptedModel } from '../session/scripted-model.js';
import { World } from '../session/world.js';
import { type Point, withPoints } from './crash-points.js';

/** What the parent tells a victim. */
export interface VictimOptions {
  readonly store: { readonly dataDir: string } | { readonly url: string; readonly prefix: string };
  /** Where to hang until it is killed; a run that passes nowhere ends by itself. */
  readonly hangAt: string;
  readonly canEdit: boolean;
}

/** A call of the platform, made by the parent: what was sent outlives the process. */
export interface PlatformCallMessage {
  readonly type: 'call';
  readonly id: number;
  readonly verb: 'post' | 'edit';
  readonly parameters: readonly unknown[];
}

/** A process that answers one message and hangs at a given point of its turn. */
async function main({ store: place, hangAt, canEdit }: VictimOptions): Promise<void> {
  const passed: string[] = [];
  const point: Point = async (name) => {
    passed.push(name);
    if (name !== hangAt) return;
    process.send?.({ type: 'hanging', at: name });
    await new Promise(() => setInterval(() => undefined, 60_000));
  };
  const store =
    'url' in place
      ? await openRedisStore({ ...place, clock: systemClock })
      : await openEmbeddedStore({ ...place, clock: systemClock });
  const platform = new RemotePlatform(point, canEdit);
  const model = new ScriptedModel();
  model.usual = async function* () {
    await point('model:asked');
    yield 'One ';
    await point('model:first-token');
    yield 'two ';
    // The person sees the first words before the rest comes, however slow the store is.
    await platform.shown;
    await point('model:mid-stream');
    yield 'three.';
    await point('model:last-token');
  };
  const world = new World(withPoints(store, point), { model, platform, state: { leaseMs: 400 } });
  await world.tell('hello', { id: messageId('the-message') });
  await store.close();
  process.send?.({ type: 'done', passed }, () => process.exit(0));
}

/** The parent's platform, over IPC. */
class RemotePlatform extends PlatformDouble implements PlatformAdapter {
  readonly #point: Point;
  #show = (): void => undefined;
  /** Resolves once a receipt of a message is written down. */
  readonly shown = new Promise<void>((resolve) => {
    this.#show = resolve;
  });
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #count = 0;

  constructor(point: Point, canEdit: boolean) {
    super(systemClock, {
      capabilities: { canEdit, minEditIntervalMs: 0, rate: { burst: 100_000, refillMs: 1 } },
    });
    this.#point = point;
    process.on('message', (answer: { id: number; result: unknown }) => {
      this.#waiting.get(answer.id)?.(answer.result);
      this.#waiting.delete(answer.id);
    });
  }

  override async post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    const receipt = (await this.#ask('post', [address, message, nonce])) as Receipt;
    setImmediate(this.#show);
    return receipt;
  }

  override async edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    await this.#ask('edit', [address, receipt, message]);
  }

  async #ask(verb: 'post' | 'edit', parameters: readonly unknown[]): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    const name = verb === 'post' ? 'platform.post' : 'platform.edit';
    await this.#point(`${name}:before`);
    const result = await new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      process.send?.({ type: 'call', id, verb, parameters } satisfies PlatformCallMessage);
    });
    await this.#point(`${name}:after`);
    return result;
  }
}

process.once('message', (options: VictimOptions) => {
  void main(options);
});
process.once('disconnect', () => process.exit(0));
