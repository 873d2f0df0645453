import { describe, it } from 'vitest';
import { expiryTests } from './contract/expiry.js';
import { inboxTests, leaseTests } from './contract/inbox-and-lease.js';
import { interleavingTests } from './contract/interleavings.js';
import { matchingTests } from './contract/matching.js';
import { peopleTests, platformTests } from './contract/people.js';
import { readingTests } from './contract/reading.js';
import type { ContractOptions, StoreFactory, StoreUnderTest } from './contract/samples.js';
import { sessionTests } from './contract/sessions.js';
import { outboxTests, transcriptTests } from './contract/transcript-and-outbox.js';

type Body = (subject: StoreUnderTest) => Promise<void>;

/** Declares a test that gets an empty store of its own. */
export interface DeclareTest {
  (name: string, body: Body): void;
  (name: string, options: ContractOptions, body: Body): void;
}

export type ContractTest = (test: DeclareTest) => void;

/** What every implementation of `Store` promises; `runs` random interleavings are tried. */
export function storeContract(open: StoreFactory, runs = 200): void {
  const test: DeclareTest = (name: string, ...rest: [Body] | [ContractOptions, Body]) => {
    const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    it(name, async () => {
      const subject = await open(options);
      try {
        await body(subject);
      } finally {
        await subject.dispose();
      }
    });
  };
  const sections: readonly [string, ContractTest][] = [
    ['inbox', inboxTests],
    ['lease', leaseTests],
    ['sessions', sessionTests],
    ['transcript', transcriptTests],
    ['outbox', outboxTests],
    ['people', peopleTests],
    ['matching', matchingTests],
    ['reading', readingTests],
    ['expiry', expiryTests],
    ['platform and health', platformTests],
  ];
  for (const [name, section] of sections) describe(name, () => section(test));
  describe('interleavings', () => interleavingTests(open, runs));
}
