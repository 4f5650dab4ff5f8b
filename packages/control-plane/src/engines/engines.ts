// The engines of this server and the watch over all deployments, made once (control-plane.ts) and handed to whoever
// needs a deployment: the reconcilers of clusters and of database users, and the registration of a deployment.

import { type ClusterEngine, clusterEngines } from '@postern/contract/cluster'
import type { Parts } from '../parts.ts'
import type { Engine, Made } from './engine.ts'
import { registeredEngine } from './registered.ts'
import { sandboxEngine } from './sandbox.ts'
import { createWatch, type Watch } from './watch.ts'

export interface Engines {
  /** Null where this server has no such engine. */
  readonly of: (name: string) => Engine | null
  readonly watch: Watch
  /** Runs `work` with a watch of its own, for a deployment that is no cluster yet; its connections end with it. */
  readonly visit: <Result>(work: (watch: Watch) => Promise<Result>) => Promise<Result>
  /** What `ensure` answered for a cluster in this process; forgotten when it must be asked again. */
  readonly made: Map<string, Made>
  /** Lets go of a cluster's connections and of what is remembered of it. */
  readonly forget: (clusterId: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** `fetch` is for the sandbox's admin door. Call `close` at the end: it ends every connection to a deployment. */
export const createEngines = (
  parts: Pick<Parts, 'store' | 'turns' | 'settings' | 'log'>,
  world: { readonly fetch: typeof fetch },
): Engines => {
  const { sandbox } = parts.settings
  const engines: Readonly<Record<ClusterEngine, Engine | null>> = {
    sandbox: sandbox === null ? null : sandboxEngine({ sandbox, fetch: world.fetch }),
    registered: registeredEngine(),
  }
  const waking = new Set<string>()
  const onChange = (clusterId: string): void => {
    // One wake-up stands for the many that a failover brings.
    if (waking.has(clusterId)) return
    waking.add(clusterId)
    parts.store
      .transact((tx) => parts.turns.wake(tx, 'cluster', clusterId))
      .catch((err: unknown) => parts.log.debug({ err, clusterId }, 'a change of a deployment waits for the next look'))
      .finally(() => waking.delete(clusterId))
  }
  const watch = createWatch({ onChange })
  const made = new Map<string, Made>()
  return {
    of: (name) => {
      const known = clusterEngines.find((engine) => engine === name)
      return known === undefined ? null : engines[known]
    },
    watch,
    visit: async (work) => {
      const visiting = createWatch({ onChange: () => {} })
      return work(visiting).finally(visiting.close)
    },
    made,
    forget: async (clusterId) => {
      made.delete(clusterId)
      await watch.forget(clusterId)
    },
    close: watch.close,
  }
}
