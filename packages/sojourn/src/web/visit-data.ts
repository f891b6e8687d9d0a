import {
  activitiesIn,
  activitiesKey,
  activitiesPatch,
  type Activity,
  type ActivityKind,
  readActivity,
} from '../core/activities.ts'
import { refuseReserved } from '../core/data.ts'
import type { Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import type { Shape } from '../engine/context.ts'
import { VisitForm } from './form.ts'
import type { RequestSession } from './request-session.ts'

const flashPrefix = 'flash:'

/**
 * What a request reads and writes of its session. Reading costs nothing. Writes are gathered by key, and are in the store
 * before the first byte of the answer leaves. A guest has no session until something is written; a crawler gets none, and
 * what is written for it is forgotten with the request.
 */
export class VisitData<D extends object = Shape> {
  readonly #request: RequestSession

  constructor(request: RequestSession) {
    this.#request = request
  }

  get<K extends keyof D & string>(key: K): D[K] | undefined {
    return this.#request.read(key) as D[K] | undefined
  }

  /**
   * Replaces the value of one key. Throws `invalid_data` or `data_too_large` at once where it does not fit. Keys that begin
   * with `sojourn:` are the library's own and refused wherever they are written.
   */
  set<K extends keyof D & string>(key: K, value: D[K]): void {
    refuseReserved(key)
    this.#request.pending.set(key, value, this.#request.known)
  }

  delete(key: keyof D & string): void {
    refuseReserved(key)
    this.#request.pending.delete(key)
  }

  /** Adds to a number; concurrent requests sum. Throws `not_a_number` where it is another value. */
  add(key: keyof D & string, amount = 1): void {
    refuseReserved(key)
    this.#request.pending.add(key, amount, this.#request.known)
  }

  /**
   * Reads and writes in one step: nobody else's write comes between. Saves what is pending first. `change` may be called
   * again where somebody else was faster.
   */
  update<K extends keyof D & string>(key: K, change: (value: D[K] | undefined) => D[K]): Promise<D[K]> {
    const request = this.#request
    if (!request.keeps) return this.#updateHere(key, change)
    return request.act(request.session === null, async () => {
      refuseReserved(key)
      const id = await request.persist()
      const data = await request.engine.data.update(id, (data) => ({
        set: { [key]: change(data[key] as D[K] | undefined) as Json },
      }))
      request.learn(data)
      return data[key] as D[K]
    })
  }

  /** Leaves a message that is read exactly once, also after a redirect. */
  flash(name: string, message: Json): void {
    this.#request.pending.set(flashPrefix + name, message, this.#request.known)
  }

  /** Takes a message that `flash` left; of requests that run at once, one gets it. */
  takeFlash(name: string): Promise<Json | undefined> {
    const request = this.#request
    const key = flashPrefix + name
    const message = request.read(key)
    if (message === undefined) return Promise.resolve(undefined)
    if (!request.changes(key)) return request.act(false, () => this.#take(key))
    request.pending.delete(key)
    return Promise.resolve(message)
  }

  /**
   * Notes what somebody does: `activity('page_view', '/shoes')`. The newest are kept, as many as the policy says. Throws
   * `invalid_data` where the input does not fit.
   */
  activity(kind: ActivityKind, name: string, data: Activity['data'] = {}): void {
    const request = this.#request
    const activity = readActivity({ kind, name, data }, request.engine.now())
    const most = activitiesPatch([activity], request.policy)?.append[activitiesKey]?.most
    if (most === undefined || request.isIgnored) return
    request.pending.append(activitiesKey, activity, most, request.known)
  }

  /** What was noted in this session, the oldest first. */
  get activities(): readonly Activity[] {
    return activitiesIn({ [activitiesKey]: this.#request.read(activitiesKey) ?? [] })
  }

  /** A form of several pages, each of which has its time. */
  form(name: string): VisitForm {
    return new VisitForm(this.#request, name)
  }

  /** For this request alone. */
  async #updateHere<K extends keyof D & string>(
    key: K,
    change: (value: D[K] | undefined) => D[K],
  ): Promise<D[K]> {
    this.set(key, change(this.get(key)))
    return this.get(key) as D[K]
  }

  async #take(key: string): Promise<Json | undefined> {
    const { session, engine } = this.#request
    let taken: Json | undefined
    if (session === null) return undefined
    const data = await engine.data.update(session.id, (data): Patch | undefined => {
      taken = data[key]
      return taken === undefined ? undefined : { delete: [key] }
    })
    this.#request.learn(data)
    return taken
  }
}
