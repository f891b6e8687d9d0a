import type { Awaitable, Store } from '../core/store.ts'
import type { StoreVerb } from '../core/store-call.ts'

/** Carries out a call of a verb, in its own way. */
export type Through = <T>(verb: StoreVerb, call: () => Awaitable<T>) => Awaitable<T>

/** A store with the same laws, whose calls go through a function. It has the optional verbs that the store has. */
export function storeAround(store: Store, through: Through): Store {
  const { declines, staleness, restore, changes, watch, close } = store
  return {
    name: store.name,
    create: (entry, options) => through('create', () => store.create(entry, options)),
    find: (id, how) => through('find', () => store.find(id, how)),
    touch: (entries) => through('touch', () => store.touch(entries)),
    upgrade: (id, to, options) => through('upgrade', () => store.upgrade(id, to, options)),
    regenerate: (id, from, to, at, elevation) =>
      through('regenerate', () => store.regenerate(id, from, to, at, elevation)),
    write: (id, patch, options) => through('write', () => store.write(id, patch, options)),
    end: (which, end) => through('end', () => store.end(which, end)),
    voidBefore: (scope, watermark) => through('voidBefore', () => store.voidBefore(scope, watermark)),
    list: (query) => through('list', () => store.list(query)),
    sweep: (now, options) => through('sweep', () => store.sweep(now, options)),
    lease: (job, holder, at, until) => through('lease', () => store.lease(job, holder, at, until)),
    ...(declines === undefined ? {} : { declines }),
    ...(staleness === undefined ? {} : { staleness }),
    ...(restore === undefined
      ? {}
      : {
          restore: (id, from, to, options) =>
            through('restore', () => restore.call(store, id, from, to, options)),
        }),
    ...(changes === undefined
      ? {}
      : { changes: (after, limit) => through('changes', () => changes.call(store, after, limit)) }),
    ...(watch === undefined ? {} : { watch: watch.bind(store) }),
    ...(close === undefined ? {} : { close: close.bind(store) }),
  }
}
