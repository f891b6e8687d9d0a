import { PassThrough } from 'node:stream'
import { run as runCommand } from '../../../cli/src/run.ts'
import type { Administration } from './administrators.ts'
import type { Crawl } from './crawl.ts'

/** What the command line says of the same databases. */
export async function askCommands(crawl: Crawl, { person, session }: Administration): Promise<void> {
  const { book, heard } = crawl
  for (const args of [
    ['accounts', 'list'],
    ['sessions', 'list', '--state=any'],
    ['sessions', 'list', `--subject=${person}`],
    ['sessions', 'show', session],
    ['keys', 'list'],
    ['settings', 'list'],
    ['settings', 'history'],
    ['jobs'],
    ['doctor'],
  ])
    heard.push(await run(crawl, args), await run(crawl, [...args, '--json']))
  const made = await run(crawl, ['keys', 'create', '--name=Command', '--scope=introspect'])
  book.note('an API key', /sjk_[0-9a-f]{16}_([0-9a-f]{64})/.exec(made.text)?.[1] ?? '', made)
  heard.push({ ...made, of: made }, await run(crawl, ['keys', 'list', '--json']))
}

async function run({ folder, env }: Crawl, args: readonly string[]) {
  const said: string[] = []
  const say = (text: string): void => void said.push(text)
  const input = Object.assign(new PassThrough(), { isTTY: false })
  input.end()
  const code = await runCommand(args, { env, folder, input, print: say, tell: say })
  // What the doctor finds is told by its exit code.
  if (code !== 0 && args[0] !== 'doctor')
    throw new Error(`${args.join(' ')} ended with ${code}: ${said.join('')}`)
  return { where: `sojourn ${args.join(' ')}`, text: said.join('') }
}
