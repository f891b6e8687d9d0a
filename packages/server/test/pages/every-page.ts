import type { Session } from 'sojourn'
import type { Explanation } from 'sojourn/core'
import { accountSessions } from '../../src/pages/account-sessions.ts'
import { accountSecurity } from '../../src/pages/account-security.ts'
import { account } from '../../src/pages/account.ts'
import * as forms from '../../src/pages/account-forms.ts'
import { authenticator } from '../../src/pages/authenticator.ts'
import { choose } from '../../src/pages/choose.ts'
import { endMatching } from '../../src/pages/end-matching.ts'
import { login } from '../../src/pages/login.ts'
import { logout } from '../../src/pages/logout.ts'
import { message } from '../../src/pages/message.ts'
import { novaAuthSession } from '../../src/pages/nova-auth-session.ts'
import { novaAuthSessions } from '../../src/pages/nova-auth-sessions.ts'
import { novaSecondFactors } from '../../src/pages/nova-second-factors.ts'
import type { Viewer } from '../../src/pages/page.ts'
import { recoveryCodes } from '../../src/pages/recovery-codes.ts'
import { secondStep } from '../../src/pages/second-step.ts'
import { signup } from '../../src/pages/signup.ts'
import { keyPages } from './key-pages.ts'
import { integrationPages } from './integration-pages.ts'
import { mailPages } from './mail-pages.ts'
import { roundTripPages } from './round-trip-pages.ts'
import { eventPages } from './event-pages.ts'
import { settingsPages } from './settings-pages.ts'

export const now = Date.UTC(2026, 10, 21, 12, 0, 0)

/** A text in every place that a person outside can fill. */
export interface Texts {
  readonly name: string
  readonly userAgent: string
}

export const plain: Texts = {
  name: 'Ada',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
}

export function sessionOf({ name, userAgent }: Texts, over: Partial<Session> = {}): Session {
  return {
    id: 'Zr6yW0aVpL8xGj2hM4eDuB',
    realm: 'default',
    app: name,
    subject: name,
    roles: [name],
    method: name,
    amr: [name],
    factors: [{ amr: name, at: now - 60_000 }],
    assurance: 1,
    authenticatedAt: now - 60_000,
    restored: false,
    createdAt: now - 86_400_000,
    activatedAt: now - 60_000,
    lastSeenAt: now - 300_000,
    lag: 60_000,
    idleTimeout: 7_200_000,
    expiresAt: now + 86_400_000,
    regeneratedAt: now - 60_000,
    policy: name,
    fingerprint: 'fingerprint-of-the-browser',
    ip: name,
    userAgent,
    family: null,
    rememberedUntil: null,
    parent: null,
    actor: null,
    revision: 3,
    endedAt: null,
    endReason: null,
    endedBy: null,
    ...over,
  }
}

const explanation: Explanation = {
  verdict: { next: 'accept', active: false, expiresAt: now + 1, caution: null },
  trace: [
    { rule: 'not-before', finding: null },
    { rule: 'fingerprint', finding: { action: 'log', reason: 'fingerprint_mismatch' } },
    { rule: 'idle-timeout', reason: 'idle_timeout', deadline: now - 1 },
    { rule: 'absolute-timeout', reason: 'absolute_timeout', deadline: null },
  ],
}

/** Every page in its states, full of one text. */
export function everyPage(texts: Texts): { readonly [name: string]: string } {
  const { name } = texts
  return {
    ...guestPages(name),
    ...choicePages(texts),
    ...memberPages(texts),
    ...accountPages(texts),
    ...settingsPages(name, sessionOf(texts), now),
    ...eventPages(name, { name, isAdmin: true, expiresAt: null, watch: { subject: name, expires: '' } }, now),
    ...integrationPages(name, { name, isAdmin: true, expiresAt: null }),
    ...factorPages(texts),
    ...keyPages(name, now),
  }
}

export function guestPages(text: string): { readonly [name: string]: string } {
  return {
    login: login({ rememberFor: 2_592_000_000 }),
    'login, refused': login({
      email: text,
      returnTo: `/account?name=${text}`,
      error: text,
      endedSentence: text,
      notice: { kind: 'success', text },
    }),
    signup: signup({ minPasswordLength: 8, rememberFor: 2_592_000_000 }),
    'from another site': message({ kind: 'cross-site' }),
    'from nowhere': message({ kind: 'no-origin' }),
    'signup, refused': signup({
      name: text,
      email: text,
      returnTo: text,
      minPasswordLength: 8,
      errors: { name: text, email: text, password: text, form: text },
    }),
    'login, by mail too': login({ byMail: true, returnTo: `/account?name=${text}` }),
    ...mailPages(text, now),
    ...roundTripPages(text),
    'not found': message({ kind: 404, text }),
    unavailable: message({ kind: 503 }),
  }
}

/** Of somebody who is not signed in yet, with sessions of theirs. */
function choicePages(texts: Texts): { readonly [name: string]: string } {
  const { name } = texts
  const sessions = [60_000, 120_000].map((ago) =>
    sessionOf(texts, { id: `ago-${ago}`, authenticatedAt: now - ago }),
  )
  return {
    choose: choose({ now, choice: { toEnd: 1, sessions }, returnTo: `/account?name=${name}`, error: name }),
    'choose, room': choose({ now, choice: { toEnd: 0, sessions } }),
  }
}

/** What somebody proves themselves with beside a password. */
function factorPages({ name }: Texts): { readonly [name: string]: string } {
  const viewer = { name, isAdmin: true, expiresAt: null, watch: { subject: name, expires: '' } }
  const passkeys = [1, 2].map((one) => ({
    id: `passkey-${one}`,
    name,
    isSynced: one === 1,
    createdAt: now - one,
    lastUsedAt: one === 1 ? null : now,
  }))
  const totp = { createdAt: now, lastUsedAt: null }
  const whole = { viewer, now, totp, passkeys, codesLeft: 1, passkeyName: name }
  const bare = { ...whole, totp: undefined, passkeys: [], codesLeft: 0 }
  const step = { email: name, hasApp: true, hasPasskey: true, hasRecoveryCodes: true, returnTo: name }
  const app = { viewer, site: name, email: name, secret: 'ABCDEFGH', sealed: name }
  return {
    security: accountSecurity({ ...whole, notice: { kind: 'success', text: name } }),
    'security, bare': accountSecurity(bare),
    'set up an app': authenticator(app),
    'set up an app, refused': authenticator({ ...app, error: name }),
    'recovery codes': recoveryCodes({ viewer, codes: [name, name] }),
    'second step': secondStep(step),
    'second step, refused': secondStep({ ...step, hasPasskey: false, error: name }),
    'second factors of somebody': novaSecondFactors({ ...whole, account: { id: 'an-id', email: name } }),
    'second factors of somebody, none': novaSecondFactors({ ...bare, account: { id: 'an-id', email: name } }),
  }
}

/** What somebody who is signed in changes of their account. */
function accountPages({ name }: Texts): { readonly [name: string]: string } {
  const viewer = { name, isAdmin: false, expiresAt: null, watch: { subject: name, expires: '' } }
  const person = { name, email: name, emailVerifiedAt: now, phone: name }
  const nobody = { ...person, emailVerifiedAt: null, phone: null }
  const minPasswordLength = 8
  return {
    account: account({ viewer, account: person, hasPassword: true }),
    'account, bare': account({ viewer, account: nobody, hasPassword: false }),
    'change the password': forms.changePassword({
      viewer,
      email: name,
      minPasswordLength,
      hasPassword: true,
      error: name,
    }),
    'set a password': forms.changePassword({ viewer, email: name, minPasswordLength, hasPassword: false }),
    'change the address': forms.changeEmail({ viewer, isConfirmed: true, email: name, error: name }),
    'change the address at once': forms.changeEmail({ viewer, isConfirmed: false }),
    'confirm the address': forms.confirmEmail({ viewer, email: name, token: name }),
    'change the number': forms.changePhone({ viewer, phone: name, error: name }),
    'disable the account': forms.disableOwn({ viewer }),
    'delete the account': forms.deleteOwn({ viewer }),
  }
}

export function memberPages(texts: Texts): { readonly [name: string]: string } {
  const { name } = texts
  const viewer: Viewer = {
    name,
    isAdmin: true,
    expiresAt: now + 3_600_000,
    watch: { subject: name, expires: '' },
  }
  const live = sessionOf(texts)
  const waiting = sessionOf(texts, {
    id: 'waiting',
    lastSeenAt: now - 86_400_000,
    authenticatedAt: now - 172_800_000,
    family: 'waiting',
    rememberedUntil: now + 86_400_000,
  })
  const ended = sessionOf(texts, { id: 'ended', endedAt: now - 1, endReason: 'admin_revoked', endedBy: name })
  return {
    logout: logout({ viewer, globalLabel: name, globalParam: name }),
    sessions: accountSessions({
      viewer,
      now,
      sessions: [
        { ...live, isCurrent: false, restorableUntil: null },
        { ...live, id: 'this', isCurrent: true, restorableUntil: null },
        { ...waiting, isCurrent: false, restorableUntil: waiting.rememberedUntil },
      ],
      cursor: name,
      isLaterPage: true,
      notice: { kind: 'success', text: name },
    }),
    'sessions, alone': accountSessions({
      viewer,
      now,
      sessions: [{ ...live, isCurrent: true, restorableUntil: null }],
      cursor: null,
    }),
    'all sessions': novaAuthSessions({
      viewer,
      now,
      filter: { subject: name, method: name, reason: 'idle_timeout', state: 'any' },
      sessions: [{ ...live, subjectName: name }, waiting, ended],
      cursor: name,
      isLaterPage: true,
    }),
    'all sessions, searched': novaAuthSessions({
      viewer,
      now,
      filter: {},
      search: { text: `user:${name}` },
      ended: 2,
      sessions: [{ ...live, subjectName: name }],
      cursor: null,
    }),
    'all sessions, not understood': novaAuthSessions({
      viewer,
      now,
      filter: {},
      search: { text: `user:${name}`, fault: { at: 1, length: 3, expected: name, got: name } },
      sessions: [],
      cursor: null,
    }),
    'end what matches': endMatching({
      viewer,
      filter: name,
      count: { count: 2, people: 1, complete: true },
      isMore: true,
    }),
    'end what matches, too many': endMatching({
      viewer,
      filter: name,
      count: { count: 100_000, people: 2, complete: false },
      isMore: false,
    }),
    'all sessions, none': novaAuthSessions({ viewer, now, filter: {}, sessions: [], cursor: null }),
    'one session': novaAuthSession({
      viewer,
      now,
      links: { above: [live], below: [ended, live], complete: false },
      session: live,
      integration: name,
      subjectName: name,
      explanation,
      isCurrent: true,
    }),
    'one session, restorable': novaAuthSession({ viewer, now, session: waiting }),
    'one session, ended': novaAuthSession({ viewer, now, session: ended }),
    'not allowed': message({ kind: 403, viewer, text: name }),
  }
}
