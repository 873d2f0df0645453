import { BlockList, isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Logger } from '../../src/telemetry/logger.js';

/** The address that a request came from, for limits. */
export type ClientAddress = (context: Context) => string;

/**
 * Who a request is from: the one that is connected, or, where that is a proxy of the operator's own, whom the proxy says it
 * speaks for. Of `X-Forwarded-For` the last address counts that is none of the proxies': those before it may be made up.
 * @param proxies addresses and networks; as `config/network.ts` reads them.
 * @param logger is told, once, that a proxy nobody named forwards requests: all of its clients share one limit.
 */
export function clientAddress(proxies: readonly string[], logger: Logger): ClientAddress {
  const trusted = listOf(proxies);
  let told = false;
  return (context) => {
    const peer = plain(getConnInfo(context).remote.address ?? 'unknown');
    const forwarded = context.req.header('x-forwarded-for');
    if (forwarded === undefined) return peer;
    if (!isIn(trusted, peer)) {
      if (!told)
        logger.warn(
          { address: peer },
          'requests come through a proxy that is not named in RAPPORT_TRUSTED_PROXIES: its clients share one rate limit',
        );
      told = true;
      return peer;
    }
    const addresses = forwarded.split(',').map((part) => plain(part.trim()));
    let client = peer;
    for (const address of addresses.reverse()) {
      if (isIP(address) === 0) break;
      client = address;
      if (!isIn(trusted, address)) break;
    }
    return client;
  };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** An address as people write it: IPv4 as such, without a port, a zone or brackets (some proxies add them). */
function plain(address: string): string {
  return address
    .replace(/^\[(.+)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
