// For tests only: handlers and their reconcilers on a real sandbox, with turns handed out as they come. One sandbox and
// one store for a file; an organization and a project of its own for each test.

import type { OperationId } from '@postern/contract/routes'
import type { Handlers } from '../http/handler.ts'
import { createTestApi, type TestApi, testSettings } from '../http/testing.ts'
import type { Clock, Parts, Store } from '../parts.ts'
import type { Reconciler } from '../reconcile/turns.ts'
import { createTestStore } from '../store/testing.ts'
import { createEngines, type Engines } from './engines.ts'
import { startSandbox } from './sandbox-process.testing.ts'
import { createTurnDriver, type TurnDriver } from './turn-driver.testing.ts'

export interface DeployedWorld {
  readonly handlers: (parts: Parts, engines: Engines) => Partial<Handlers<OperationId>>
  readonly reconcilers: (parts: Parts, engines: Engines) => readonly Reconciler[]
  readonly clock?: Clock
}

export interface DeployedTurn {
  readonly api: TestApi
  readonly driver: TurnDriver
  readonly engines: Engines
}

export interface Deployed {
  readonly store: Store
  /** One request to the sandbox's own door, below `/clusters/`. */
  readonly door: (method: string, path: string, body?: object) => Promise<Response>
  /** As after a crash: killed at once, and another process on the same folder. */
  readonly restartSandbox: () => Promise<void>
  /** Ends what runs: no turn begins, and no connection stays. */
  readonly end: () => Promise<void>
  /** Ends what ran before, and begins anew. */
  readonly begin: () => Promise<DeployedTurn>
  readonly close: () => Promise<void>
}

export const startDeployed = async ({ handlers, reconcilers, clock }: DeployedWorld): Promise<Deployed> => {
  let [sandbox, stored] = await Promise.all([startSandbox(), createTestStore()])
  let running: DeployedTurn | null = null
  const end = async (): Promise<void> => {
    await running?.driver.stop()
    await running?.engines.close()
    running = null
  }
  return {
    store: stored.store,
    door: (method, path, body) =>
      fetch(`${sandbox.url}/clusters/${path}`, {
        method,
        headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    restartSandbox: async () => {
      sandbox = await sandbox.restart()
    },
    end,
    begin: async () => {
      await end()
      const driver = createTurnDriver()
      let engines: Engines | undefined
      const api = await createTestApi(
        stored.store,
        (parts) => {
          engines = createEngines(parts, { fetch })
          return handlers(parts, engines)
        },
        { turns: driver.turns, settings: { ...testSettings, sandbox }, ...(clock && { clock }) },
      )
      if (engines === undefined) throw new Error('the handlers were not asked for')
      driver.start(reconcilers(api.parts, engines))
      running = { api, driver, engines }
      return running
    },
    close: async () => {
      await end()
      await stored.close()
      await sandbox.stop()
    },
  }
}
