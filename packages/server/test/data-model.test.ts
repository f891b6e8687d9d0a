import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { aFolder, aServer } from './a-server.ts'
import { databases } from './databases.ts'

const written = readFile(join(import.meta.dirname, '../../../docs/engineering/data-model.md'), 'utf8')

/** The first cells of the table under each heading. */
function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = text.split(/^##+ /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [heading = ''] = section.split('\n', 1)
      const cells = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, cell = '']) => cell)
      return [heading.trim(), cells] as const
    }),
  )
}

for (const { name, skip, open } of databases)
  test(
    `SLI-42 the data model tells of every table and column of the server, and of no other: ${name}`,
    { skip },
    async (t) => {
      const database = await open(t)
      const tables = await database.introspection.getTables()
      const line = (table: string, columns: readonly string[]) => `${table}: ${columns.toSorted().join(' ')}`
      const own = tables.map(({ name: table, columns }) =>
        line(
          table,
          columns.map((one) => one.name),
        ),
      )
      const text = (await written).split("\n## The server's tables\n")[1] ?? ''
      const documented = [...sectionsOf(text)].filter(([heading]) => /^[a-z_]+$/.test(heading))
      assert.deepEqual(documented.map(([table, cells]) => line(table, cells)).toSorted(), own.toSorted())
    },
  )

test('SLI-42 the data model tells of every property of a session, and of what a store keeps beside it', async (t) => {
  const path = join(await aFolder(t), 'sessions.db')
  const server = await aServer(t, { store: sqlite(path) })
  const { session } = await server.sessions.start({ subject: 'u-1', request: { passive: false } })
  const document = sectionsOf(await written)
  assert.deepEqual(document.get('Session'), Object.keys(session))
  const database = new DatabaseSync(path, { readOnly: true })
  const columns = database.prepare("select name from pragma_table_info('sojourn_sessions')").all()
  database.close()
  const snake = Object.keys(session).map((key) =>
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )
  const beside = columns.map(({ name }) => String(name)).filter((name) => !snake.includes(name))
  assert.deepEqual(document.get('Beside it'), beside)
  assert.ok(snake.every((name) => columns.some((column) => column.name === name)))
})
