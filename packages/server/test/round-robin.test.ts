import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { roundRobin } from './round-robin.ts'

/** What people and programs do with the server. Suites that look into one node, or break one, know of no other. */
const suites = ['login', 'logout', 'own-sessions', 'remember', 'sessions-api', 'signup', 'story']

for (const suite of suites)
  test(`JAD-20 JAD-21 ${suite}: every test holds with three nodes that take turns, and no request sticks to any`, () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', join(import.meta.dirname, `${suite}.test.ts`)],
      { env: { ...env, SOJOURN_TEST_NODES: '3' }, encoding: 'utf8' },
    )
    assert.equal(status, 0, stdout)
    assert.match(stdout, /^# pass [1-9]/m, stdout)
  })

test('JAD-21 the balancer gives each request to the next node, whoever sends it', async (t) => {
  const nodes = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const node = createServer((_, answer) => answer.end(name)).listen(0, '127.0.0.1')
      await new Promise((resolve) => node.once('listening', resolve))
      t.after(() => {
        node.closeAllConnections()
        node.close()
      })
      return (node.address() as AddressInfo).port
    }),
  )
  const { port, served, close } = await roundRobin(nodes)
  t.after(close)
  const answers: string[] = []
  while (answers.length < 6) answers.push(await (await fetch(`http://127.0.0.1:${port}/`)).text())
  assert.deepEqual([answers.join(''), served], ['abcabc', [2, 2, 2]])
})
