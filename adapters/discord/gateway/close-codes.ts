import { GatewayCloseCodes } from 'discord-api-types/v10';
import { RapportError } from '../../../config/errors.js';

/** Close codes after which connecting again is pointless (gateway close event codes, "reconnect: false"). */
const final: ReadonlySet<number> = new Set([
  GatewayCloseCodes.AuthenticationFailed,
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
  GatewayCloseCodes.InvalidAPIVersion,
  GatewayCloseCodes.InvalidIntents,
  GatewayCloseCodes.DisallowedIntents,
]);

export function endsForGood(code: number): boolean {
  return final.has(code);
}

/** The coded error of a close code after which nobody connects again. */
export function closeError(code: number, shard: number, count: number): RapportError {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return new RapportError('RAPPORT_E_DISCORD_TOKEN', { reason: `the gateway closed with ${code}` });
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
      return new RapportError('RAPPORT_E_DISCORD_SHARDS', { shard, count, code });
    case GatewayCloseCodes.InvalidIntents:
    case GatewayCloseCodes.DisallowedIntents:
      return new RapportError('RAPPORT_E_DISCORD_INTENTS', { code });
    default:
      return new RapportError('RAPPORT_E_DISCORD_GATEWAY', { shard, code });
  }
}
