/** The command line said what no command understands. The process ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A command was understood and could not do it. The process ends with 1. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
