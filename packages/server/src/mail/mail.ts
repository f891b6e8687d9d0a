/** A letter to one person, in plain words: what is clicked in it is written out. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/**
 * Hands one letter to whoever carries it. Resolves once they have taken it over, and rejects where they did not. Nothing of
 * a letter but its length may be logged: it may hold a link that opens an account.
 */
export interface Mailer {
  send(mail: Mail): Promise<void>
  close(): Promise<void>
}
