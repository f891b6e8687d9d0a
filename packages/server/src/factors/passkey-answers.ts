import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import {
  literal,
  maxLength,
  nullish,
  object,
  optional,
  pipe,
  regex,
  safeParse,
  string,
  array,
  transform,
} from 'valibot'

const text = pipe(string(), maxLength(20_000), regex(/^[\w-]*$/))
const id = pipe(string(), maxLength(2_000), regex(/^[\w-]+$/))
const credential = { id, rawId: id, type: literal('public-key') }

const registration = object({
  ...credential,
  response: object({
    clientDataJSON: text,
    attestationObject: text,
    transports: optional(array(pipe(string(), maxLength(20))), []),
  }),
})

const assertion = object({
  ...credential,
  response: object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: pipe(
      nullish(text),
      transform((handle) => handle ?? undefined),
    ),
  }),
})

/** What a browser answers with when it has made a passkey; `undefined` where it is none. */
export function readRegistration(written: string) {
  const read = safeParse(registration, parsed(written))
  return read.success ? { ...read.output, clientExtensionResults: {} } : undefined
}

/** What it answers with when it has used one. */
export function readAssertion(written: string): AuthenticationResponseJSON | undefined {
  const read = safeParse(assertion, parsed(written))
  if (!read.success) return undefined
  const { userHandle, ...response } = read.output.response
  return {
    ...read.output,
    clientExtensionResults: {},
    response: userHandle === undefined ? response : { ...response, userHandle },
  }
}

/** The challenge that an answer says it answers, base64url. */
export function challengeIn({
  response,
}: {
  readonly response: { readonly clientDataJSON: string }
}): string {
  const data = parsed(Buffer.from(response.clientDataJSON, 'base64url').toString())
  const challenge = typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : ''
  return typeof challenge === 'string' ? challenge : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
