import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Administration } from './administrators.ts'
import type { Crawl } from './crawl.ts'
import type { Said } from './secret-book.ts'

const command = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

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

/** As somebody runs it: a process, of which both streams are read. */
function run({ folder, env }: Crawl, args: readonly string[]): Promise<Said> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, env }, (error, out, err) => {
      // What the doctor finds is told by its exit code.
      if (error !== null && args[0] !== 'doctor')
        reject(new Error(`${args.join(' ')} ended with ${error.code}: ${err}`))
      else resolve({ where: `sojourn ${args.join(' ')}`, text: out + err })
    })
  })
}
