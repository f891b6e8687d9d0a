import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const refusals = [`${tests}/saml/refusals.test.ts`] as const
const replays = [`${tests}/saml/replay.test.ts`] as const
const signIns = [`${tests}/saml/sign-in.test.ts`] as const

/** What an identity provider says, believed without what makes it true. */
export const samlMutants: readonly Mutant[] = [
  {
    name: 'assertion-not-signed',
    file: `${source}/saml/saml-client.ts`,
    find: 'wantAssertionsSigned: true',
    replace: 'wantAssertionsSigned: false',
    why: 'an assertion would be believed for a signature that stands elsewhere',
    tests: refusals,
  },
  {
    name: 'saml-audience-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: '!Audience.some(({ _ }) => _ === own.entityId)',
    replace: 'Audience.length === 0',
    why: 'an assertion for another service would open accounts here',
    tests: refusals,
  },
  {
    name: 'saml-one-audience-will-do',
    file: `${source}/saml/judge-assertion.ts`,
    find: 'for (const { Audience } of AudienceRestriction)',
    replace: 'for (const { Audience } of AudienceRestriction.slice(0, 1))',
    why: 'a restriction to another service would be overlooked',
    tests: refusals,
  },
  {
    name: 'saml-recipient-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: "  refuseOther('recipient', `an assertion to ${own.acs}`, own.acs, data.Recipient)\n",
    replace: '',
    why: 'an assertion that was sent to another address would be good here',
    tests: refusals,
  },
  {
    name: 'saml-request-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: '  if (data.InResponseTo !== (requestId ?? undefined)) throw otherRequest()\n',
    replace: '',
    why: 'the answer to one sign-in could be put into another',
    tests: replays,
  },
  {
    name: 'saml-issuer-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: "  refuseOther('issuer', `an assertion of “${settings.entityId}”`, settings.entityId, assertion.Issuer[0]?._)\n",
    replace: '',
    why: 'a provider that shares a key with another could answer for it',
    tests: refusals,
  },
  {
    name: 'saml-destination-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: 'if ($.Destination !== undefined)',
    replace: "if ($.Destination === '')",
    why: 'a response to another address would be good here',
    tests: refusals,
  },
  {
    name: 'saml-status-not-checked',
    file: `${source}/saml/judge-assertion.ts`,
    find: 'if (status !== success)',
    replace: 'if (status === undefined)',
    why: 'a sign-in that failed at the provider would count',
    tests: refusals,
  },
  {
    name: 'saml-late-by-a-millisecond',
    file: `${source}/saml/judge-assertion.ts`,
    find: 'now >= momentOf(NotOnOrAfter) + clockTolerance',
    replace: 'now > momentOf(NotOnOrAfter) + clockTolerance',
    why: 'an assertion would outlive the moment up to which it is remembered',
    tests: replays,
  },
  {
    name: 'saml-conditions-for-ever',
    file: `${source}/saml/judge-assertion.ts`,
    find: '    refuseOtherTime($, now)\n',
    replace: '',
    why: 'the conditions of an assertion would not be kept',
    tests: replays,
  },
  {
    name: 'saml-other-confirmation',
    file: `${source}/saml/judge-assertion.ts`,
    find: '    if ($.Method !== bearer) continue\n',
    replace: '',
    why: 'what says that somebody else vouches would count as the person’s own',
    tests: refusals,
  },
  {
    name: 'saml-session-without-end',
    file: `${source}/saml/read-response.ts`,
    find: 'endsAt: sessionEnd(Assertion, judging)',
    replace: 'endsAt: undefined',
    why: 'a session would outlive what the provider allows',
    tests: signIns,
  },
  {
    name: 'saml-risky-xml',
    file: `${source}/saml/read-response.ts`,
    find: '  refuseRiskyXml(xml)\n',
    replace: '',
    why: 'entities, comments and weak algorithms would reach the parser',
    tests: refusals,
  },
  {
    name: 'saml-weak-algorithm',
    file: `${source}/saml/refuse-risky-xml.ts`,
    find: '    if (!algorithms.has(named))',
    replace: "    if (named === '')",
    why: 'a signature over SHA-1 would be believed',
    tests: refusals,
  },
  {
    name: 'saml-unsolicited',
    file: `${source}/routes/login-saml.ts`,
    find: "if (unsolicited === 'accepted') return null",
    replace: 'if (unsolicited !== undefined) return null',
    why: 'an answer that nobody asked for, bound to no browser, would sign it in',
    tests: replays,
  },
  {
    name: 'saml-transient-name',
    file: `${source}/saml/read-response.ts`,
    find: 'if (!isTransient && subject !== undefined',
    replace: 'if (subject !== undefined',
    why: 'every sign-in would make another account',
    tests: refusals,
  },
]
