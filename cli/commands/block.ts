import { Command } from 'commander';
import { example } from '../options.js';

const who = 'discord:<user or server id>, slack:<workspace id>[:<user id>], web:<uuid>, openai-api:<user>';

/** `rapport block`: who is not answered. */
export function blockCommand(): Command {
  return new Command('block')
    .description(
      'block people, servers and workspaces; whoever of them is in danger is still told where there is help',
    )
    .addHelpText('after', example('rapport block add discord:123456789012345678', 'rapport block list'))
    .addCommand(
      new Command('add')
        .description('answer them no more')
        .addHelpText('after', example('rapport block add discord:123456789012345678'))
        .argument('<id>', who)
        .action(async (id: string) => (await import('../block.js')).addBlock(id)),
    )
    .addCommand(
      new Command('remove')
        .description('answer them again')
        .addHelpText('after', example('rapport block remove discord:123456789012345678'))
        .argument('<id>', who)
        .action(async (id: string) => (await import('../block.js')).removeBlock(id)),
    )
    .addCommand(
      new Command('list')
        .description('who is blocked, by settings and by command')
        .addHelpText('after', example('rapport block list --json'))
        .option('--json', '{"settings":[…],"command":[…]}')
        .action(async (options: { json?: boolean }) => (await import('../block.js')).listBlocks(options)),
    );
}
