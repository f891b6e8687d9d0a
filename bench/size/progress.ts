/** Hears how much of something is done. */
export type Progress = (done: number, of: number) => void

/** Tells of what is done on standard error: on one line of a terminal, elsewhere each tenth. */
export function progressOf(what: string): Progress {
  let latest = -1
  return (done, of) => {
    const share = Math.floor((100 * done) / of)
    const told = process.stderr.isTTY ? share : Math.floor(share / 10)
    if (told === latest) return
    latest = told
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${done < of ? `${what}: ${Math.round(share)} %` : ''}`)
    else process.stderr.write(`${what}: ${share} %\n`)
  }
}
