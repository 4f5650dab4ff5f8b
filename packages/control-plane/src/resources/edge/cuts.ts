// What gateways are sent that serve some groups alone: their part of the gateway's whole, cut once for each scope and number.
// Whoever holds the part of a recent number is told what is other in it: mostly nothing, since it was somebody else's change.
// It is told that too, because what it reports to hold is the number, and endpoints wait for that.

import { type GatewaySnapshot, snapshotSchemas } from '@postern/contract/snapshot'
import { bodyText, changeBetween, type NumberedChanges, textsOf } from '@postern/contract/snapshot-change'
import type { EdgeServes } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { snapshotOfServices } from '../../snapshots/services.ts'
import { type Built, built } from '../feed/changes.ts'
import { servicesOf } from './standing.ts'
import type { KeptWhole } from './wholes.ts'

/** Changes are hashed in this one (feed/changes.ts). */
const newestSchema = Math.max(...snapshotSchemas)
/** Of a scope, the newest last. */
const keptCuts = 4
/** Those that asked last. */
const keptScopes = 200

interface Cut extends Pick<KeptWhole, 'schema' | 'epoch' | 'n'> {
  readonly part: Promise<Built>
}

export interface Cuts {
  readonly whole: (serves: EdgeServes, whole: KeptWhole) => Promise<KeptWhole>
  /** NumberedChanges as JSON, from the number that is held; null where the whole has to be sent. */
  readonly changes: (
    serves: EdgeServes,
    whole: KeptWhole,
    held: { readonly epoch?: string | undefined; readonly after?: number | undefined },
  ) => Promise<string | null>
}

export const createCuts = ({ store }: Pick<Parts, 'store'>): Cuts => {
  const scopes = new Map<string, readonly Cut[]>()
  let read: { readonly whole: KeptWhole; readonly body: GatewaySnapshot } | null = null

  const scopeOf = ({ orgIds, groupIds }: EdgeServes): string => JSON.stringify([orgIds, groupIds])

  const bodyOf = (whole: KeptWhole): GatewaySnapshot => {
    if (read?.whole !== whole) read = { whole, body: (JSON.parse(whole.text) as { body: GatewaySnapshot }).body }
    return read.body
  }

  const cutOf = (serves: EdgeServes, whole: KeptWhole): Cut => {
    const { schema, epoch, n } = whole
    const scope = scopeOf(serves)
    const known = scopes.get(scope) ?? []
    const found = known.find((cut) => cut.epoch === epoch && cut.n === n)
    if (found !== undefined) return found
    const part = servicesOf(store.read, serves).then((ids) => built(textsOf(snapshotOfServices(bodyOf(whole), ids))))
    const made = { schema, epoch, n, part }
    scopes.delete(scope)
    scopes.set(scope, [...known, made].slice(-keptCuts))
    for (const oldest of [...scopes.keys()].slice(0, -keptScopes)) scopes.delete(oldest)
    part.catch(() => scopes.delete(scope))
    return made
  }

  return {
    whole: async (serves, whole) => {
      const { schema, epoch, n } = whole
      const { texts } = await cutOf(serves, whole).part
      return {
        ...whole,
        text: `{"schema":${schema},"epoch":${JSON.stringify(epoch)},"n":${n},"body":${bodyText(texts)}}`,
      }
    },

    changes: async (serves, whole, held) => {
      if (whole.schema !== newestSchema || whole.epoch !== held.epoch) return null
      const now = cutOf(serves, whole)
      const isHeld = (cut: Cut): boolean => cut.schema === now.schema && cut.epoch === now.epoch && cut.n === held.after
      const before = scopes.get(scopeOf(serves))?.find(isHeld)
      if (before === undefined) return null
      const { schema, epoch, n } = now
      const part = await now.part
      const change = changeBetween((await before.part).texts, part.texts)
      if (change === null) return null
      const said: Omit<NumberedChanges, 'changes'> = { schema, epoch, n, after: before.n, hash: part.hash }
      return `${JSON.stringify(said).slice(0, -1)},"changes":[${change}]}`
    },
  }
}
