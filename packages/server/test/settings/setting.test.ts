import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyOptions } from 'sojourn/core'
import { enteredOf, expectedOf, readSetting } from '../../src/settings/read-setting.ts'
import { type Setting, settings } from '../../src/settings/setting.ts'

/** Values at the bounds of what may be entered. */
function samples({ entry }: Setting): readonly string[] {
  switch (entry.kind) {
    case 'limit':
      return ['0', '1', '10000', 'unlimited']
    case 'choice':
      return entry.values
    case 'span':
      return [String(entry.least), String(entry.most), ...(entry.word === undefined ? [] : [entry.word])]
  }
}

for (const setting of settings)
  test(`R-17 what may be entered for ${setting.name} is what its option reads, and is shown as it was entered`, () => {
    const { read } = policyOptions[setting.name] as unknown as {
      read: (value: unknown, path: string) => unknown
    }
    for (const sample of samples(setting)) {
      const result = readSetting(setting, sample)
      assert.ok('value' in result, sample)
      assert.doesNotThrow(() => read(JSON.parse(result.value), 'policy'), sample)
      const again = readSetting(setting, enteredOf(setting, result.value))
      assert.deepEqual(again, result)
    }
    for (const bad of ['', 'x', '-1', '0s', '1e9', 'null', {}, [], true, undefined, '9'.repeat(400)])
      assert.ok('expected' in readSetting(setting, bad), JSON.stringify(bad))
    if (setting.entry.kind !== 'choice') return
    // One that the option does not know would be refused; one that it knows and the list lacks could not be chosen.
    const { entry } = setting
    let message = ''
    try {
      read('no such choice', 'policy')
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    assert.ok(message.includes(`one of ${entry.values.join(', ')}, got`), message)
  })

test('what a setting does is said in words that can be entered: nobody enters null', () => {
  for (const setting of settings) assert.doesNotMatch(`${setting.says} ${expectedOf(setting)}`, /null/)
})
