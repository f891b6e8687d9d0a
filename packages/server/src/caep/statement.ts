/** What a token says: of whom, and what happened. */
export interface Statement {
  readonly sub_id: { readonly [name: string]: unknown }
  readonly events: { readonly [uri: string]: object }
}
