import {
  array,
  type InferOutput,
  maxLength,
  minLength,
  optional,
  picklist,
  pipe,
  rawCheck,
  strictObject,
  string,
  transform,
} from 'valibot'
import { certificateFault, certificatesIn } from '../saml/signing-certificate.ts'
import { commonFields, commonSettings, type IntegrationKind } from './integration-kind.ts'
import { webAddressFault } from './web-address.ts'

const attributeName = optional(
  pipe(string(), minLength(1), maxLength(512, 'Expected a name of at most 512 characters.')),
)

/** Signing in at an identity provider of a company or a university: SAML 2.0, of which this server is a service provider. */
export const saml = {
  kind: 'saml',
  title: 'Identity provider (SAML 2.0)',
  help: 'Whoever signs in at this identity provider is let in as the person that it says. It trusts the provider to have asked who they are, and the private keys of its certificates to be its own. Names and e-mail addresses are the provider’s word.',
  settings: strictObject({
    /** The `entityID` of its metadata, which stands in all it says as `Issuer`. */
    entityId: pipe(
      string(),
      minLength(1, 'Expected an entity id.'),
      maxLength(1_024, 'Expected an entity id of at most 1024 characters.'),
    ),
    /** Its single sign-on address for HTTP-Redirect. */
    signInUrl: pipe(
      string(),
      maxLength(2_048),
      rawCheck(({ dataset, addIssue }) => {
        const fault = dataset.typed ? webAddressFault(dataset.value) : undefined
        if (fault !== undefined) addIssue({ message: fault })
      }),
    ),
    /** Its signing certificates, base64 of DER; several while it changes keys. */
    certificates: pipe(
      array(string()),
      transform((lines) => certificatesIn(lines.join('\n'))),
      rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed) return
        const { value } = dataset
        if (value.length < 1 || value.length > 10) addIssue({ message: 'Expected 1 to 10 certificates.' })
        for (const one of value) {
          const fault = certificateFault(one)
          if (fault !== undefined) addIssue({ message: fault })
        }
      }),
    ),
    /** The form in which it is asked for names; `any`: as it likes. */
    nameIdFormat: optional(picklist(['any', 'persistent', 'emailAddress']), 'any'),
    /** The attribute that says who somebody is; left out: `NameID`. */
    idAttribute: attributeName,
    emailAttribute: attributeName,
    nameAttribute: attributeName,
    /** Whether it may send people whom nobody here has sent to it. */
    unsolicited: optional(picklist(['refused', 'accepted']), 'refused'),
    ...commonSettings,
  }),
  fields: [
    {
      name: 'entityId',
      label: 'Entity id',
      hint: 'entityID in the metadata of the identity provider.',
      type: 'text',
    },
    {
      name: 'signInUrl',
      label: 'Sign-in address',
      hint: 'Location of its SingleSignOnService with the binding HTTP-Redirect.',
      type: 'text',
    },
    {
      name: 'certificates',
      label: 'Signing certificates',
      hint: 'As PEM, or as base64, one a line. Several while it changes keys: what any of them has signed is believed.',
      type: 'lines',
    },
    {
      name: 'nameIdFormat',
      label: 'Form of names that is asked for',
      hint: 'A name must stay the same; one for each sign-in alone (transient) is refused.',
      type: 'choice',
      choices: [
        { value: 'any', label: 'As the provider likes' },
        { value: 'persistent', label: 'Persistent' },
        { value: 'emailAddress', label: 'E-mail address' },
      ],
    },
    {
      name: 'idAttribute',
      label: 'Attribute that says who it is',
      hint: 'Left empty: NameID. Never one that a person can change there.',
      type: 'text',
    },
    {
      name: 'emailAttribute',
      label: 'Attribute of the e-mail address',
      hint: 'Left empty: none.',
      type: 'text',
    },
    { name: 'nameAttribute', label: 'Attribute of the name', hint: 'Left empty: none.', type: 'text' },
    {
      name: 'unsolicited',
      label: 'Sign-ins that begin at the provider',
      hint: 'Such an answer is bound to no browser: who gets hold of one before it was used can have anybody signed in by it. Refuse them where you can.',
      type: 'choice',
      choices: [
        { value: 'refused', label: 'Refused' },
        { value: 'accepted', label: 'Accepted' },
      ],
    },
    ...commonFields,
  ],
  provesPerson: true,
  tells: ({ id }, origin) => [
    ['Metadata address, and entity id of this server', `${origin}${samlPath(id, '/metadata')}`],
    ['Assertion consumer address (ACS), HTTP-POST', `${origin}${samlPath(id, '/acs')}`],
    ['Address that begins a sign-in', `${origin}${samlPath(id)}`],
  ],
} as const satisfies IntegrationKind

export type SamlSettings = InferOutput<typeof saml.settings>

export function samlPath(id: string, step: '' | '/acs' | '/metadata' = ''): string {
  return `/login/saml/${id}${step}`
}
