import { InferenceSession } from 'onnxruntime-node';
import type { RunGate } from './run-gate.js';

/**
 * Sends every native call of this thread's onnxruntime through the gate, also those a library makes (transformers.js
 * uses the same module). The class is patched because a library's sessions cannot be wrapped from outside.
 */
export function guardRuntime(gate: RunGate): void {
  const { prototype } = InferenceSession as unknown as { prototype: Pick<InferenceSession, 'run'> };
  const { run } = prototype;
  const { create } = InferenceSession;
  const through = <T>(native: (...args: never[]) => Promise<T>) =>
    function (this: unknown, ...args: unknown[]): Promise<T> {
      return gate.run(() => Reflect.apply(native, this, args));
    };
  Object.assign(prototype, { run: through(run) });
  Object.assign(InferenceSession, { create: through(create) });
}
