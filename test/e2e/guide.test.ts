import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import express from 'express'
import type { Browser, Page } from 'playwright-core'
import { createSessions, type Sessions } from 'sojourn'
import { formSentences } from 'sojourn/core'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import { clientModules } from 'sojourn/web/client-modules'
import { launchChromium, noChromium } from './chromium.ts'

const root = join(import.meta.dirname, '../..')
const minute = 60_000

/** The first example of a chapter of the guide. */
async function example<Exports>(t: TestContext, chapter: string): Promise<Exports> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-guide-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const text = await readFile(join(root, 'docs/guide', `${chapter}.md`), 'utf8')
  const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(text) ?? []
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'example.ts'), code)
  return (await import(pathToFileURL(join(folder, 'example.ts')).href)) as Exports
}

function house(t: TestContext, policy: object) {
  const clock = new FakeClock()
  const auth: Sessions<object> = createSessions({
    store: memory(),
    clock,
    policy,
    secret: 'a-secret-of-tests-that-is-long-enough',
    sweepEvery: null,
    onWarning: () => {},
  })
  t.after(() => auth.close())
  return { clock, auth }
}

async function open(t: TestContext, chromium: Browser, app: unknown): Promise<Page> {
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const context = await chromium.newContext({
    baseURL: `http://localhost:${(server.address() as AddressInfo).port}`,
  })
  t.after(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return page
}

describe('the examples of the guide, in a real browser', { skip: noChromium }, () => {
  let chromium: Browser
  before(async () => {
    chromium = await launchChromium()
  })
  after(() => chromium.close())

  test('AUR-16 AUR-18 an application with a countdown: it counts, stays at a click, and leaves at the end', async (t) => {
    const { portal } = await example<{ portal: (auth: Sessions<object>) => unknown }>(t, 'browser')
    const { clock, auth } = house(t, { idleTimeout: '20m', touchEvery: '0s' })
    const page = await open(t, chromium, portal(auth))
    await page.clock.install({ time: clock.now() - 90 * minute })
    const pass = async (millis: number): Promise<void> => {
      clock.advance(millis)
      await page.clock.fastForward(millis)
    }
    await page.goto('/')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(/You have (20:00|19:5\d) left/).waitFor()
    await pass(19 * minute)
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await page.getByText(/You have (20:00|19:5\d) left/).waitFor()
    await pass(20 * minute + 1)
    await page.waitForURL(/\/login\?reason=idle_timeout&return_to=%2F$/)
  })

  test('JAD-11 JAD-17 a page of a form is told that it is late when it is sent, not before, and keeps its answers', async (t) => {
    const { permits } = await example<{ permits: (auth: Sessions<object>) => express.Express }>(t, 'forms')
    const { clock, auth } = house(t, { extends: 'jadu', touchEvery: '0s' })
    const client = clientModules()
    const app = express()
    app.get('/client/*name', (req, res) => {
      res.type('text/javascript').send(client.files.get([req.params.name].flat().join('/')))
    })
    app.get('/page/:page', (req, res) => {
      res.send(`<!doctype html><html lang="en"><title>Permit</title>
        <form method="post" action="/permit/${req.params.page}">
          <label>Answer <input name="answer"></label> <button>Next</button>
          <p role="alert" data-form-refusal></p>
        </form>
        <script type="module">
          import { holdAnswers } from '/client/dom/index.js'
          const next = ${Number(req.params.page) + 1}
          holdAnswers(document.forms[0], fetch.bind(window), () => location.assign('/page/' + next))
        </script>`)
    })
    app.use(permits(auth))
    const page = await open(t, chromium, app)
    await page.goto('/page/1')
    const answer = page.getByLabel('Answer')
    const next = page.getByRole('button', { name: 'Next' })
    const alert = page.getByRole('alert')
    await answer.fill('High Street')
    clock.advance(14 * minute)
    await next.click()
    await page.waitForURL('**/page/2')
    await answer.fill('red')
    clock.advance(10 * minute + 1)
    assert.equal(await alert.innerText(), '', 'nothing is said before the page is sent')
    await next.click()
    await page.getByText(formSentences.form_timeout).waitFor()
    assert.equal(await answer.inputValue(), 'red')
    assert.equal(new URL(page.url()).pathname, '/page/2')

    await page.goto('/page/1')
    await answer.fill('High Street')
    await next.click()
    await page.waitForURL('**/page/2')
    await answer.fill('green')
    await auth.end({ subject: null }, 'maintenance')
    await next.click()
    await page.getByText(formSentences.session_lost).waitFor()
    assert.equal(await answer.inputValue(), 'green')

    await page.context().setOffline(true)
    await next.click()
    await page.getByText('The server could not be reached').waitFor()
    assert.equal(await answer.inputValue(), 'green')
  })
})
