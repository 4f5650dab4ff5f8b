// The whole control plane in tests: all handlers and reconcilers over a store of the test's own, the real sandbox as the
// deployment, turns handed out as they come, the door for test suites open. No port is opened; `http` is called straight.

import { gatherHandlers, gatherTesting } from '../control-plane.ts'
import { createMovingClock } from '../drills/moving-clock.ts'
import { createEngines, type Engines } from '../engines/engines.ts'
import { startSandbox } from '../engines/sandbox-process.testing.ts'
import { createTurnDriver } from '../engines/turn-driver.testing.ts'
import type { Parts, Settings } from '../parts.ts'
import { createProviders } from '../providers/providers.ts'
import { createEdgeNews } from '../resources/edge/news.ts'
import { wakeFeeds } from '../resources/feed/wake.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import type { HttpParts } from './http.ts'
import { createTestApi, type TestApi, testHttpParts, testSettings } from './testing.ts'

export interface Whole {
  readonly api: TestApi
  readonly store: TestStore['store']
  readonly close: () => Promise<void>
}

/** `over` replaces what a test wants otherwise, `settings` some of the settings. */
export const startWhole = async (
  over: Partial<Omit<Parts, 'settings'> & HttpParts> = {},
  settings: Partial<Settings> = {},
): Promise<Whole> => {
  const [sandbox, store] = await Promise.all([startSandbox(), createTestStore()])
  const driver = createTurnDriver()
  const news = createEdgeNews()
  const stopping = new AbortController()
  const clock = createMovingClock(over.clock ?? { now: () => Date.now() })
  const made: { engines?: Engines; testing?: ReturnType<typeof gatherTesting> } = {}
  const api = await createTestApi(
    store.store,
    (parts) => {
      const engines = createEngines(parts, { fetch })
      const providers = createProviders(parts)
      const world = { clock, turns: driver.turns, engines, providers, news, stopping: stopping.signal, stop: () => {} }
      Object.assign(made, { engines, testing: gatherTesting(parts, world) })
      const handlers = gatherHandlers(parts, { secret: testHttpParts.httpSecret, news, engines, providers })
      return { ...handlers, ...made.testing?.handlers }
    },
    { turns: driver.turns, settings: { ...testSettings, sandbox, ...settings }, ...over, clock },
  )
  const { engines, testing } = made
  if (engines === undefined || testing === undefined) throw new Error('the handlers were not asked for')
  driver.start(testing.reconcilers)
  await store.store.transact((tx) => wakeFeeds(tx, driver))
  const close = async (): Promise<void> => {
    stopping.abort()
    await driver.stop()
    await engines.close()
    await store.close()
    await sandbox.stop()
  }
  return { api, store: store.store, close }
}
