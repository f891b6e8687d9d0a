import assert from 'node:assert/strict'
import type { RunningTest } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'

export const usersPath = '/nova/settings/users'

/** A browser of a new Super Admin. */
export async function aSuperAdmin(server: RunningTest, email = 'ada@example.com'): Promise<Browser> {
  await server.person(email, { roles: ['super-admin'] })
  return server.signedIn(email)
}

/** What a form holds as it is shown: the fields by name. */
export function fieldsOf({ text }: Answer): { [name: string]: string } {
  const fields: { [name: string]: string } = {}
  for (const [, name = '', value = ''] of text.matchAll(/<input[^>]*?\sname="(\w+)"[^>]*?\svalue="([^"]*)"/g))
    if (name !== 'confirmed') fields[name] = value
  for (const [, name = '', body = ''] of text.matchAll(/<select[^>]*?\sname="(\w+)"[^>]*>(.*?)<\/select>/gs))
    fields[name] = /value="([^"]*)"\s+selected/.exec(body)?.[1] ?? ''
  return fields
}

/** Opens the form, changes some fields, and posts it; with `confirmed` at once as after the page that asks. */
export async function fill(
  browser: Browser,
  path: string,
  changes: { readonly [field: string]: string },
): Promise<Answer> {
  const form = await browser.go(path)
  assert.equal(form.status, 200, form.text)
  return browser.submit(path, { ...fieldsOf(form), ...changes })
}

/** The same, to the end. */
export async function save(
  browser: Browser,
  path: string,
  changes: { readonly [field: string]: string },
): Promise<void> {
  const answer = await fill(browser, path, { ...changes, confirmed: 't' })
  assert.equal(answer.status, 303, answer.text)
  assert.match(answer.location ?? '', /\?saved=\d+$/)
}
