/** One HTTP request and the answer under way: all that the web layer needs of a framework. */
export interface Exchange {
  /** In capitals. */
  readonly method: string
  /**
   * Absolute, with the scheme and host as this process sees them. Where the host cannot be read its scheme is neither `http`
   * nor `https`, so that it has no origin.
   */
  readonly url: string
  /** The address of the peer, where the framework knows it. */
  readonly ip?: string | undefined
  /** A request header by its lower-case name; several of one name are joined as Node joins them. */
  header(name: string): string | undefined
  /** Adds to the response's headers; throws where they have left. */
  appendHeader(name: string, value: string): void
}

/** A whole answer of the web layer's own, for a request that does not reach the application. */
export interface Reply {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/**
 * Makes the answer wait for the visit's `finish()`. Throws `response_started` where the answer has left, or, where a cookie
 * is to be set, where its headers have.
 */
export type Hold = (setsCookie: boolean) => void
