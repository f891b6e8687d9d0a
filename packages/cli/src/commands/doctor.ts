import { examine, type Finding, readSecrets } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { Failure } from '../failure.ts'
import { configOf } from '../opened.ts'

const words = { ok: 'ok     ', warning: 'WARNING', failure: 'FAILURE', skipped: 'skipped' } as const

export const doctor = defineCommand({
  name: 'doctor',
  says: 'look whether what the server stands on is well, and say what to do',
  more: [
    'It changes nothing, and may run beside the server, with its settings. It ends',
    'with 1 where something fails; warnings alone end with 0.',
  ],
  options: json,
  async run({ options }, terminal) {
    const { env, folder } = terminal
    const findings = await examine(await configOf(terminal), await readSecrets(env, folder))
    const failed = findings.filter(({ state }) => state === 'failure')
    if (options.json === true)
      terminal.print(`${JSON.stringify({ ok: failed.length === 0, checks: findings })}\n`)
    else for (const finding of findings) terminal.print(lines(finding))
    if (failed.length > 0)
      throw new Failure('unwell', failed.length === 1 ? 'one check failed' : `${failed.length} checks failed`)
  },
})

function lines({ check, state, says, todo }: Finding): string {
  const more = todo === undefined ? '' : `         → ${todo}\n`
  return `${words[state]}  ${check}: ${says}\n${more}`
}
