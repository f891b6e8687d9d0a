import assert from 'node:assert/strict'
import { rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import { jsonLines } from '../../src/logger.ts'
import { openFile } from '../../src/places/watched-file.ts'
import { aFolder } from '../a-server.ts'
import { until } from '../until.ts'
import { inBerlin, inFrance, somePlaces } from './some-places.ts'
import { mmdb } from './mmdb-writer.ts'

const every = 60_000
const address = '203.0.113.64'
const french = () => mmdb({ networks: [['203.0.113.0/24', { country: { iso_code: 'FR' } }]] })

async function watched(t: TestContext) {
  const path = join(await aFolder(t), 'places.mmdb')
  await writeFile(path, somePlaces())
  const clock = new FakeClock()
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), now: () => clock.now() })
  const file = await openFile({ path, every, clock, log })
  file.start()
  t.after(() => file.stop())
  return {
    path,
    clock,
    lines,
    file,
    place: () => file.current.find(address),
    /** Lets a look begin and end: the next one waits by then. */
    async look() {
      clock.advance(every)
      await until(() => clock.waiting === 1)
    },
  }
}

test('SLI-21 a file that was replaced is read once it has looked the same twice', async (t) => {
  const { path, look, place, clock, lines } = await watched(t)
  assert.deepEqual(place(), inBerlin)
  await writeFile(`${path}.new`, french())
  await rename(`${path}.new`, path)
  clock.advance(every - 1)
  assert.equal(clock.waiting, 1, 'nobody has looked yet')
  clock.advance(1)
  await until(() => clock.waiting === 1)
  assert.deepEqual(place(), inBerlin, 'it may still be written')
  await look()
  assert.deepEqual(place(), inFrance)
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /"event":"places\.read"/)
  await look()
  assert.equal(lines.length, 1, 'read once')
})

test('SLI-21 a half-written file leaves the one before in its place, until it is whole', async (t) => {
  const { path, look, place, lines } = await watched(t)
  const whole = french()
  await writeFile(path, whole.subarray(0, whole.length / 2))
  await look()
  await look()
  await look()
  assert.deepEqual(place(), inBerlin)
  assert.equal(lines.filter((line) => line.includes('places.refused')).length, 1, 'said once')
  await writeFile(path, whole)
  await look()
  await look()
  assert.deepEqual(place(), inFrance)
})

test('SLI-21 a file that is written on between two looks is not read, whatever it holds', async (t) => {
  const { path, look, place } = await watched(t)
  const whole = french()
  await writeFile(path, whole)
  for (let written = 1; written <= 3; written++) {
    await look()
    assert.deepEqual(place(), inBerlin)
    // A writer that goes on: the time of the last write moves.
    await utimes(path, 1_000 * written, 1_000 * written)
  }
  await look()
  assert.deepEqual(place(), inBerlin)
  await look()
  assert.deepEqual(place(), inFrance)
})

test('SLI-21 a file that is gone leaves the one before in its place, and is told of once', async (t) => {
  const { path, look, place, lines } = await watched(t)
  await rm(path)
  for (let n = 0; n < 3; n++) await look()
  assert.deepEqual(place(), inBerlin)
  assert.equal(lines.length, 1)
  await writeFile(path, french())
  await look()
  await look()
  assert.deepEqual(place(), inFrance)
})

test('SLI-21 nobody looks any more once it was stopped', async (t) => {
  const { clock, file } = await watched(t)
  clock.advance(every)
  await file.stop()
  clock.advance(10 * every)
  assert.equal(clock.waiting, 0)
})
