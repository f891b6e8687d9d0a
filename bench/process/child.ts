import { fork, type ChildProcess } from 'node:child_process'
import { pin } from './pin.ts'

type Answer = { readonly value: unknown } | { readonly error: string }

/** A process of its own that answers one question at a time. What is measured there shares no heap with us. */
export class Child {
  readonly #process: ChildProcess
  readonly #name: string

  /** `core`: where it runs. What is measured has one to itself, and what puts load on it another. */
  constructor(core: number, script: string, ...args: readonly string[]) {
    this.#name = [script, ...args].join(' ')
    this.#process = fork(new URL(script, import.meta.url), args, {
      env: { ...process.env, NODE_ENV: 'production' },
      execArgv: [],
    })
    pin(this.#process.pid, core)
  }

  ask<T>(question: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#process.off('message', answered)
        this.#process.off('exit', gone)
      }
      const answered = (message: unknown): void => {
        done()
        const answer = message as Answer
        if ('error' in answer) reject(new Error(`${this.#name}: ${answer.error}`))
        else resolve(answer.value as T)
      }
      const gone = (code: number | null): void => {
        done()
        reject(new Error(`${this.#name} stopped with ${code ?? 'a signal'}`))
      }
      this.#process.on('message', answered)
      this.#process.on('exit', gone)
      if (this.#process.connected) this.#process.send({ question })
      else gone(this.#process.exitCode)
    })
  }

  stop(): void {
    if (this.#process.connected) this.#process.disconnect()
  }
}
