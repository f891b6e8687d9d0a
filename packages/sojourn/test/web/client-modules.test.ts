import assert from 'node:assert/strict'
import { test } from 'node:test'
import { posix } from 'node:path'
import { clientModules } from '../../src/web/client-modules.ts'

const { files, entry, version } = clientModules()

test('every module that a browser would load from its entry is there, and none of them leads elsewhere', () => {
  const seen = new Set<string>()
  const load = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const text = files.get(name)
    assert.ok(text !== undefined, name)
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'/gm)) {
      assert.match(specifier, /^\.\.?\//, `${name} imports ${specifier}`)
      load(posix.join(posix.dirname(name), specifier))
    }
  }
  load(entry)
  assert.ok(seen.has('watch.js') && seen.has('dom/dialog.js'))
})

test('what is served has no types left, and runs', async () => {
  const text = files.get('countdown.js') ?? ''
  assert.doesNotMatch(text, /\binterface\b.*\{|: Countdown\b/)
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as object
  assert.ok('heard' in module)
})

test('the version is that of the content', () => {
  assert.match(version, /^[0-9a-f]{16}$/)
  assert.equal(clientModules().version, version)
})

test('taking the types off says nothing on standard error', (t) => {
  const warned = t.mock.method(process, 'emitWarning')
  clientModules()
  assert.equal(warned.mock.callCount(), 0)
})
