import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { weaknessOf } from '../config/weak-secret.ts'
import { defineCheck } from './check.ts'

const placeholder = /change.?me|secret|passw|example|placeholder|sojourn|your[-_]/i
const random =
  'openssl rand -base64 32 makes one; keep the one before behind a comma until nobody has its sessions'

export const secretCheck = defineCheck({
  name: 'secret',
  needs: ['config', 'secrets'],
  async look({ config, secrets }) {
    if (secrets === undefined)
      return isLocal(config.url)
        ? { state: 'ok', says: 'none is set: a demo makes its own' }
        : { state: 'failure', says: 'SOJOURN_SECRET is not set here', todo: `set it (${random})` }
    for (const secret of secrets) {
      const weakness = weaknessOf(secret) ?? (placeholder.test(secret) ? 'one that holds a word' : undefined)
      if (weakness !== undefined)
        return {
          state: 'failure',
          says: `expected a random secret, got ${weakness}`,
          todo: `replace it: ${random}`,
        }
    }
    if (secrets.length === 2)
      return { state: 'ok', says: 'random; a previous one is still taken, until it is left out' }
    return { state: 'ok', says: 'random' }
  },
})

const known = new Set(['', 'sojourn', 'postgres', 'password', 'changeme', 'secret', 'root', 'admin'])

export const passwordsCheck = defineCheck({
  name: 'passwords of databases',
  needs: ['config'],
  async look({ config }) {
    for (const [name, place] of Object.entries({
      SOJOURN_STORE: config.store,
      SOJOURN_DATABASE: config.database,
    })) {
      if (!/^(?:postgres|postgresql|mysql|rediss?):\/\//.test(place) || !URL.canParse(place)) continue
      const { hostname, password, username, searchParams } = new URL(place)
      if (isLoopback(hostname) || hostname === '' || searchParams.has('host')) continue
      if (known.has(decodeURIComponent(password)) || password === username)
        return {
          state: 'failure',
          says: `${name} goes to another machine with no password, or one that anybody guesses`,
          todo: 'give the database a random password, and write it there',
        }
    }
    return { state: 'ok', says: 'none that anybody guesses goes to another machine' }
  },
})

export const cookiesCheck = defineCheck({
  name: 'cookies and the address',
  needs: ['config', 'sessions'],
  async look({ config, sessions }) {
    const { protocol } = new URL(config.url)
    if (protocol === 'http:' && !isLocal(config.url))
      return {
        state: 'failure',
        says: `people are to open ${config.url}, and browsers keep session cookies for HTTPS alone`,
        todo: 'put a proxy that ends TLS in front, and set SOJOURN_URL to its https origin',
      }
    if (!sessions.web.cookie.startsWith('__Host-'))
      return {
        state: 'warning',
        says: `the cookie ${sessions.web.cookie} has no __Host- prefix: a sibling domain can plant one`,
        todo: 'leave cookiePrefix of the policy at its default',
      }
    if (protocol === 'https:' && config.trustProxy === 0)
      return {
        state: 'warning',
        says: 'url is https, and no proxy is trusted: all requests seem to come from the proxy',
        todo: 'set SOJOURN_TRUST_PROXY to the number of proxies in front',
      }
    return {
      state: 'ok',
      says: `Secure, HttpOnly and ${sessions.web.cookie.split('-')[0]}-, for ${config.url}`,
    }
  },
})

export const filesCheck = defineCheck({
  name: 'files',
  needs: ['config'],
  async look({ config }) {
    if (process.platform === 'win32') return { state: 'ok', says: 'not judged on this system' }
    const open: string[] = []
    for (const path of filesOf(config)) {
      const found = await stat(path).catch(() => undefined)
      if (found !== undefined && (found.mode & 0o077) !== 0) open.push(path)
    }
    if (open.length === 0) return { state: 'ok', says: 'what holds secrets is readable by its owner alone' }
    const which = open.map((path) => `'${path}'`).join(' ')
    return {
      state: 'failure',
      says: `others may read ${which}`,
      todo: `chmod go= ${which}, as the user that the server runs as`,
    }
  },
})

function filesOf({ store, database, data }: Config): readonly string[] {
  const files = [store, database].flatMap((place) => {
    const [, file] = /^(?:sqlite|file):(.+)$/s.exec(place) ?? []
    return file === undefined || file === ':memory:' ? [] : [file, `${file}-wal`, `${file}-shm`]
  })
  return [...files, join(data, 'demo-secret')]
}

function isLocal(url: string): boolean {
  return isLoopback(new URL(url).hostname)
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  )
}
