import {
  array,
  type InferOutput,
  length,
  looseObject,
  minLength,
  object,
  optional,
  pipe,
  string,
} from 'valibot'

/** As the XML is read: a list for each child element, `$` for attributes, `_` for text. Prefixes are gone. */
const one = <T extends Parameters<typeof array>[0]>(item: T) => pipe(array(item), length(1))
const text = object({ _: optional(string(), '') })
const moment = optional(string())

/** Of a response what stands around its assertion. It need not be signed: by it things are refused, never believed. */
export const responseShape = looseObject({
  Response: looseObject({
    $: object({
      Version: string(),
      Destination: optional(string()),
      InResponseTo: optional(string()),
    }),
    Issuer: optional(one(text)),
    Status: one(looseObject({ StatusCode: one(looseObject({ $: object({ Value: string() }) })) })),
  }),
})

/** An assertion, of which the signature covers all. */
export const assertionShape = object({
  Assertion: looseObject({
    $: object({ ID: pipe(string(), minLength(1)), Version: string(), IssueInstant: string() }),
    Issuer: one(text),
    Subject: one(
      looseObject({
        NameID: optional(
          one(object({ _: optional(string(), ''), $: optional(object({ Format: optional(string()) })) })),
        ),
        SubjectConfirmation: array(
          looseObject({
            $: object({ Method: string() }),
            SubjectConfirmationData: optional(
              one(
                looseObject({
                  $: optional(
                    object({
                      Recipient: optional(string()),
                      InResponseTo: optional(string()),
                      NotBefore: moment,
                      NotOnOrAfter: moment,
                    }),
                  ),
                }),
              ),
            ),
          }),
        ),
      }),
    ),
    Conditions: one(
      looseObject({
        $: optional(object({ NotBefore: moment, NotOnOrAfter: moment }), {}),
        AudienceRestriction: pipe(array(object({ Audience: array(text) })), minLength(1)),
      }),
    ),
    AuthnStatement: pipe(array(looseObject({ $: object({ SessionNotOnOrAfter: moment }) })), minLength(1)),
    AttributeStatement: optional(
      array(
        looseObject({
          Attribute: optional(
            array(
              looseObject({
                $: looseObject({ Name: string() }),
                AttributeValue: optional(array(looseObject({ _: optional(string()) }))),
              }),
            ),
            [],
          ),
        }),
      ),
      [],
    ),
  }),
})

export type Assertion = InferOutput<typeof assertionShape>['Assertion']
export type SamlResponse = InferOutput<typeof responseShape>['Response']
