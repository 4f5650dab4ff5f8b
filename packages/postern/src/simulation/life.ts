// One life of the control plane's process: it may end at any point between two effects, and from then on nothing of it has
// any effect. What it had stored stays.

import type { Store } from '@postern/control-plane/parts'
import type { Provider } from '@postern/control-plane/providers/provider'

/** Thrown at the point where the process ends, and at every later one. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

export interface Life {
  readonly alive: () => boolean
  /** A moment between two effects. Throws Crashed when the process ends here, or has ended. */
  readonly point: () => void
  readonly end: () => void
}

/** `crashes` is asked at each point; `onEnd` is called once. */
export const createLife = (crashes: () => boolean, onEnd: () => void): Life => {
  let alive = true
  const end = (): void => {
    if (!alive) return
    alive = false
    onEnd()
  }
  return {
    alive: () => alive,
    end,
    point: () => {
      if (alive && crashes()) end()
      if (!alive) throw new Crashed('the process has ended')
    },
  }
}

export const mortalStore = (store: Store, life: Life): Store => ({
  get read() {
    life.point()
    return store.read
  },
  transact: async (work) => {
    life.point()
    const result = await store.transact(work)
    life.point()
    return result
  },
})

export const mortalProvider = (provider: Provider, life: Life): Provider => {
  const around =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      life.point()
      const answer = await call(...given)
      life.point()
      return answer
    }
  return {
    observeService: around(provider.observeService),
    ensureService: around(provider.ensureService),
    removeService: around(provider.removeService),
    observeEndpoints: around(provider.observeEndpoints),
    acceptEndpoints: around(provider.acceptEndpoints),
    rejectEndpoints: around(provider.rejectEndpoints),
  }
}
