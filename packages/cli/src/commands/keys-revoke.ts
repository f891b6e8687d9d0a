import { revokeKey } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { confirmed } from '../confirmed.ts'
import { Failure, UsageError } from '../failure.ts'
import { withKeys } from '../with-keys.ts'

export const keysRevoke = defineCommand({
  name: 'keys revoke',
  operands: ['ID'],
  says: 'revoke an API key, on all servers at once',
  options: { ...json, yes: { type: 'boolean', says: 'do not ask' } },
  run: async ({ options: { json: asJson, yes }, operands: [id] }, terminal) => {
    if (id === undefined) throw new UsageError('expected the ID of a key')
    if (yes !== true && (asJson === true || terminal.input.isTTY !== true))
      throw new UsageError('nobody can be asked here: add --yes')
    await withKeys(terminal, async (ground) => {
      const key = await ground.keys.find(id)
      if (key === undefined || key.revokedAt !== null)
        throw new Failure('not_found', `there is no key ${id} to revoke`)
      const question = `This revokes the key of ${key.name}, on all servers at once. Go on? [y/N] `
      if (yes !== true && !(await confirmed(question, terminal)))
        throw new Failure('declined', 'nothing was revoked')
      await revokeKey(ground, id)
      if (asJson === true) return terminal.print(`${JSON.stringify({ revoked: id })}\n`)
      terminal.print(`Revoked the key of ${key.name}.\n`)
    })
  },
})
