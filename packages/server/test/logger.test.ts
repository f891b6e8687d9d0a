import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonLines, type Level } from '../src/logger.ts'

function aLog(level?: Level) {
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), now: () => 0, ...(level ? { level } : {}) })
  return { lines, log }
}

test('R-72 whatever a client sends, an event is one line', () => {
  const { lines, log } = aLog()
  const nasty = 'a\r\nb\n{"level":60}\u2028c\u2029d\u0085e\u001b[31mf\u009b2Jg\0h\u007f'
  log.info({ userAgent: nasty, [nasty]: nasty, list: [nasty] }, nasty)
  assert.equal(lines.length, 1)
  const [line = ''] = lines
  assert.equal(line.slice(0, -1).search(/[\p{Cc}\u2028\u2029]/u), -1)
  assert.ok(line.endsWith('}\n'))
  assert.partialDeepStrictEqual(JSON.parse(line), { msg: nasty, userAgent: nasty, list: [nasty] })
})

test('R-70 what names a secret, or looks like a token, is blanked at any depth', () => {
  const { lines, log } = aLog()
  const id = 'A'.repeat(22)
  const token = `${id}.${'s'.repeat(43)}`
  const headers = {
    cookie: `sid=${token}`,
    'set-cookie': token,
    Authorization: 'Bearer x1',
    'x-csrf-token': 'x2',
  }
  const error = new Error(`bad ${token}`, { cause: new Error(token) })
  log.error(
    { headers, newPassword: 'x3', deep: [{ clientSecret: 'x4', said: token }], err: error },
    `got ${token}`,
  )
  const text = lines.join('')
  assert.ok(!/x1|x2|x3|x4|sss/.test(text), text)
  assert.ok(text.includes(`${id}.[redacted]`))
  assert.ok(text.includes('stack'))
})

test('what is below the level is left out', () => {
  const { lines, log } = aLog('warn')
  log.debug({}, 'a')
  log.info({}, 'b')
  log.warn({}, 'c')
  log.error({}, 'd')
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { level: number }).level),
    [40, 50],
  )
})
