import {
  array,
  type InferOutput,
  maxLength,
  minLength,
  optional,
  pipe,
  rawCheck,
  regex,
  strictObject,
  string,
} from 'valibot'
import { commonFields, commonSettings, type IntegrationKind } from './integration-kind.ts'
import { webAddressFault } from './web-address.ts'

const address = pipe(
  string(),
  maxLength(2_048),
  rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? webAddressFault(dataset.value) : undefined
    if (fault !== undefined) addIssue({ message: fault })
  }),
)

const name = (what: string) =>
  pipe(
    string(),
    minLength(1, `Expected ${what}.`),
    maxLength(255, `Expected ${what} of at most 255 characters.`),
  )

const target = pipe(
  string(),
  maxLength(512),
  regex(/^\/(?!\/)[^\s\\*?#]*\*?$/, 'Expected a path such as /courses, or /courses/* for all beneath it.'),
)

/** Signing in by a launch from a learning platform: LTI 1.3, which is OpenID Connect begun by the platform. */
export const lti = {
  kind: 'lti',
  title: 'Learning platform (LTI 1.3)',
  help: 'Whoever opens a link of this platform is let in as the person that the platform says. It trusts the platform to have asked who they are, and its private key to be its own. Names and e-mail addresses are the platform’s word.',
  settings: strictObject({
    /** The `iss` of its tokens. */
    issuer: address,
    /** What it calls this server: the `aud` of its tokens. */
    clientId: name('a client id'),
    authorizationEndpoint: address,
    jwksUri: address,
    /** Those that may launch; there is no other way to let one in. */
    deploymentIds: pipe(
      array(name('a deployment id')),
      minLength(1, 'Expected at least one deployment id.'),
      maxLength(100, 'Expected at most 100 deployment ids.'),
    ),
    /** The paths of this server that a launch may lead to, whole, or with `*` at the end. */
    targets: optional(pipe(array(target), maxLength(100, 'Expected at most 100 paths.')), []),
    ...commonSettings,
  }),
  fields: [
    {
      name: 'issuer',
      label: 'Platform id (issuer)',
      hint: 'Exactly as the platform writes it: https://campus.example.edu, with a slash at the end or without.',
      type: 'text',
    },
    { name: 'clientId', label: 'Client id', hint: 'What the platform calls this server.', type: 'text' },
    {
      name: 'authorizationEndpoint',
      label: 'Authentication request address',
      hint: 'Where this server sends people to be vouched for.',
      type: 'text',
    },
    {
      name: 'jwksUri',
      label: 'Public keyset address',
      hint: 'Where the platform shows its public keys. This server asks there.',
      type: 'text',
    },
    {
      name: 'deploymentIds',
      label: 'Deployment ids',
      hint: 'One a line. A launch of another deployment is refused.',
      type: 'lines',
    },
    {
      name: 'targets',
      label: 'Paths that a launch may lead to',
      hint: 'One a line, whole, or with * at the end: /account/sessions, /courses/*. Left empty, every launch leads to the start.',
      type: 'lines',
    },
    ...commonFields,
  ],
  provesPerson: true,
  tells: ({ id }, origin) => [
    ['Login initiation address', `${origin}${ltiPath(id, 'start')}`],
    ['Redirect address (launch)', `${origin}${ltiPath(id, 'launch')}`],
    ['Target link address', `${origin}${ltiPath(id, 'launch')}`],
  ],
} as const satisfies IntegrationKind

export type LtiSettings = InferOutput<typeof lti.settings>

export function ltiPath(id: string, step: 'start' | 'launch'): string {
  return `/login/lti/${id}/${step}`
}
