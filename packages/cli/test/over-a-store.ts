import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { SessionsView } from '@sojourn/server'
import { missing, type ProgramName } from '../../../test/services/programs.ts'
import { aServer } from './a-server.ts'
import { aCommandLine } from './command-line.ts'

export interface GivenStore {
  readonly name: string
  readonly program?: ProgramName
  /** What `store` of the settings says. */
  readonly open: (t: TestContext) => Promise<string>
}

/** What an operator does, over a store. */
export function overAStore({ name, program, open }: GivenStore): void {
  test(
    `over ${name} an operator lists, shows, ends and sweeps sessions while the server runs`,
    { skip: program === undefined ? false : missing(program) },
    async (t) => {
      const line = await aCommandLine(t)
      const store = await open(t)
      await writeFile(
        join(line.folder, 'sojourn.config.ts'),
        `export default { store: ${JSON.stringify(store)}, cache: '1s' }`,
      )
      const person = ['--email', 'ada@example.com', '--name', 'Ada']
      const made = await line.run(['accounts', 'create', ...person], 'correct horse battery\n')
      assert.equal(made.code, 0, made.err)
      const server = await aServer(line)
      await server.signIn('ada@example.com', 'correct horse battery')
      const listed = await line.here(['sessions', 'list', '--subject', 'ada@example.com', '--json'])
      const { sessions } = JSON.parse(listed.out) as SessionsView
      const [{ id } = { id: '' }] = sessions
      assert.equal(sessions.length, 1)
      assert.match((await line.here(['sessions', 'show', id])).out, /who +.*ada@example\.com/)
      assert.equal((await line.here(['sessions', 'end', id, '--yes'])).out, 'Ended 1 session.\n')
      assert.match((await line.here(['sessions', 'show', id])).out, /reason +admin_revoked/)
      // A process of its own: it would not end if a client stayed open.
      const { code, out } = await line.run(['sweep'])
      assert.deepEqual({ code, out }, { code: 0, out: 'Marked 0 as ended, removed 0.\n' })
      assert.equal(await server.stop(), 0)
    },
  )
}

/** Where a server of the test's own is. */
export async function urlOf(
  t: TestContext,
  starting: Promise<{ readonly url: string; stop(): Promise<void> }>,
): Promise<string> {
  const server = await starting
  t.after(() => server.stop())
  return server.url
}
