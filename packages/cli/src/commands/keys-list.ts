import { type ApiKeyView, keyView } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { moment } from '../moment.ts'
import { withKeys } from '../with-keys.ts'

export const keysList = defineCommand({
  name: 'keys list',
  says: 'list the API keys; no secret is among them',
  options: json,
  async run({ options }, terminal) {
    const now = Date.now()
    const keys = (await withKeys(terminal, ({ keys }) => keys.list())).map((key) => keyView(key, now))
    if (options.json === true) return terminal.print(`${JSON.stringify({ keys })}\n`)
    if (keys.length === 0) return terminal.print('There are no keys.\n')
    for (const key of keys) terminal.print(lines(key))
  },
})

function lines({ id, name, state, scopes, expires_at, last_used_at, previous_until }: ApiKeyView): string {
  const at = (one: number | null): string => (one === null ? 'never' : moment(one))
  const old = previous_until === null ? '' : `; the old key works until ${moment(previous_until)}`
  return `${id}  ${state}  ${name}\n  ${scopes.join(', ')}\n  expires ${at(expires_at)}, last used ${at(last_used_at)}${old}\n`
}
