import {
  array,
  check,
  integer,
  maxLength,
  minLength,
  minValue,
  nullable,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  safeParse,
  string,
  transform,
  trim,
} from 'valibot'
import type { InferOutput } from 'valibot'
import { roles } from './account.ts'
import { passwordFault, passwordLimits } from './passwords.ts'

const { leastCharacters, mostBytes } = passwordLimits

/** RFC 5321 4.5.3.1 allows 254 octets. What stands before the @ is the provider's affair. */
export const emailAddress = pipe(
  string(),
  trim(),
  maxLength(254, 'Expected an e-mail address of at most 254 characters.'),
  regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'Expected an e-mail address such as ada@example.com.'),
)

const name = pipe(
  string(),
  trim(),
  minLength(1, 'Expected a name.'),
  maxLength(100, 'Expected a name of at most 100 characters.'),
  regex(/^\P{Cc}*$/u, 'Expected a name without control characters.'),
)

const password = pipe(
  string(),
  check(
    (text) => passwordFault(text) !== 'too_short',
    `Expected a password of at least ${leastCharacters} characters.`,
  ),
  check((text) => passwordFault(text) !== 'too_long', `Expected a password of at most ${mostBytes} bytes.`),
)

/** E.164 with its country code, 15 digits at most; spaces and the like as people write them. Empty: none. */
export const phoneNumber = pipe(
  string(),
  transform((text) => text.replace(/[\s()./-]/g, '')),
  regex(
    /^(?:|\+[1-9]\d{6,14})$/,
    'Expected a phone number with the code of its country, such as +49 30 1234567.',
  ),
)

/** What is wrong with a new password, as a sentence, or `undefined`. */
export function passwordFaultSentence(text: string): string | undefined {
  const read = safeParse(password, text)
  return read.success ? undefined : read.issues[0].message
}

/** What a person types to sign up. */
export const signupForm = object({ name, email: emailAddress, password })

/** What makes an account. Without a password nobody can sign in to it by one. */
export const newAccount = object({
  name,
  email: emailAddress,
  password: optional(password),
  roles: optional(array(picklist(roles)), ['user']),
  sessionLimit: optional(nullable(pipe(number(), integer(), minValue(0))), null),
})
export type NewAccount = InferOutput<typeof newAccount>
