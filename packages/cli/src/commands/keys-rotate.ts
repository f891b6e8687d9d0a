import { keyView, longestOverlap, rotateKey, usualOverlap } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { durationValue } from '../duration-value.ts'
import { Failure, UsageError } from '../failure.ts'
import { moment } from '../moment.ts'
import { withKeys } from '../with-keys.ts'

export const keysRotate = defineCommand({
  name: 'keys rotate',
  operands: ['ID'],
  says: 'give an API key another secret, and print it this once',
  more: ['The one that it had works on for a while, to be replaced where it is used.'],
  options: {
    ...json,
    overlap: { type: 'string', value: 'SPAN', says: 'for how long; 1d if left out, 0s: it is dead at once' },
  },
  async run({ options: { overlap, json: asJson }, operands: [id] }, terminal) {
    if (id === undefined) throw new UsageError('expected the ID of a key')
    const span =
      overlap === undefined
        ? usualOverlap
        : durationValue('overlap', longestOverlap, 'a span of at most 30d, such as 1d', overlap)
    const issued = await withKeys(terminal, (ground) => rotateKey(ground, id, span))
    if (issued === undefined) throw new Failure('not_found', `there is no good key ${id}`)
    const key = keyView(issued.key, Date.now())
    if (asJson === true) return terminal.print(`${JSON.stringify({ key, secret: issued.secret })}\n`)
    terminal.print(`${issued.secret}\n`)
    const old = key.previous_until === null ? 'is dead' : `works until ${moment(key.previous_until)} UTC`
    terminal.tell(`The new key of ${key.name}. It is not shown again. The old one ${old}.\n`)
  },
})
