// Certificates from the control plane, one for each endpoint with `tls`, all for this edge's own key. Kept on disk, so
// that an edge serves while the control plane is away; renewed in the last third of their life; fetched anew when an
// endpoint's names or addresses change. A certificate that cannot be renewed is shown until its end.

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateOnItsWay } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { ControlPlaneParts } from '../control-plane.ts'
import { readDurable, writeDurable } from '../durable-file.ts'
import { onChange } from '../follow/on-change.ts'
import type { ShownCertificate } from '../gateway/upstream.ts'
import { createCertificateClient } from './certificate-client.ts'
import type { Certificates } from './certificates.ts'
import { type Contexts, contextsOf } from './contexts.ts'
import { isDue, judgeCertificate, type Subjects, subjectsOf, type Validity } from './judge.ts'
import { loadOwnKey, type OwnKey } from './own-key.ts'

export interface IssuedParts extends ControlPlaneParts {
  /** Where the key and the certificates lie; made (mode 700) when the first is needed. */
  readonly directory: string
  readonly log: Logger
}

interface Held extends Validity {
  readonly chain: string
  /** What it was last judged for, and whether it speaks for all of that. */
  subjects: string
  covers: boolean
  /** Made when a client first asks: most of ten thousand endpoints may never be dialled at this edge. */
  contexts: Contexts | null
  pair: ShownCertificate | null
}

/** How long `obtain` waits; what is not there by then is reported as failed, and asked for again. */
export const obtainMs = 1_000
export const renewalLookMs = 3_600_000
const requestsAtOnce = 4
/** So many are named as failed; of the others it is only not said that they are bound. A report is bounded in size. */
export const mostFailures = 100
const largestChain = 256 * 1024

export function createIssuedCertificates(parts: IssuedParts): Certificates {
  const { directory, log, clock } = parts
  const client = createCertificateClient(parts)
  const sayTidy = onChange(log)
  const held = new Map<string, Held>()
  const reasons = new Map<string, string>()
  const queue = new Set<string>()
  const underWay = new Set<string>()
  let wanted: ReadonlyMap<string, Subjects> = new Map()
  let key: OwnKey | null = null
  let request: string | null = null
  let swept = false
  let active = 0
  let whenIdle: (() => void)[] = []
  let cancelLook: (() => void) | null = null
  let closed = false

  async function ownKey(): Promise<OwnKey> {
    key ??= await loadOwnKey(directory, (path) =>
      log.error(`${path} holds no P-256 key: a new one is made, and every certificate asked for again`),
    )
    return key
  }

  const judge = (chain: string, { key: own }: OwnKey, subjects: Subjects) =>
    judgeCertificate(chain, { ...subjects, key: own, now: clock.now() })

  const hold = (id: string, chain: string, { from, to }: Validity): void => {
    const subjects = textOf(wanted.get(id) ?? nothing)
    held.set(id, { chain, from, to, subjects, covers: true, contexts: null, pair: null })
  }

  /** Holds what is on disk for it, if that is good. */
  async function takeKept(id: string, own: OwnKey): Promise<void> {
    const chain = await readDurable(join(directory, fileOf(id)), largestChain).catch((error: Error) => {
      log.warn({ endpointId: id }, `the kept certificate is ignored: ${error.message}`)
      return null
    })
    if (chain === null) return
    const verdict = judge(chain, own, wanted.get(id) ?? nothing)
    if (verdict.good) hold(id, chain, verdict)
    else log.warn({ endpointId: id }, `the kept certificate is ignored: ${verdict.reason}`)
  }

  async function fetchOne(id: string): Promise<void> {
    const own = await ownKey()
    request ??= await (await import('./certificate-request.ts')).certificateRequest(own)
    const answer = await client.ask(id, request)
    if (closed || !wanted.has(id)) return
    if (answer.kind === 'away') {
      // Nobody needs to be asked for the others now.
      for (const other of [id, ...queue]) reasons.set(other, answer.reason)
      queue.clear()
      return
    }
    const verdict =
      answer.kind === 'chain'
        ? judge(answer.chain, own, wanted.get(id) ?? nothing)
        : ({ good: false, reason: answer.reason } as const)
    if (answer.kind !== 'chain' || !verdict.good) {
      reasons.set(id, verdict.good ? '' : verdict.reason)
      return
    }
    await writeDurable(directory, fileOf(id), answer.chain)
    hold(id, answer.chain, verdict)
    reasons.delete(id)
    log.info({ endpointId: id, notAfter: new Date(verdict.to).toISOString() }, 'certificate taken')
  }

  async function work(): Promise<void> {
    for (;;) {
      const [id] = queue
      if (id === undefined || closed) break
      queue.delete(id)
      underWay.add(id)
      const before = reasons.get(id)
      await fetchOne(id).catch((error: Error) => reasons.set(id, error.message))
      underWay.delete(id)
      const reason = reasons.get(id)
      // Of one that is missing the snapshot's follower speaks.
      if (reason !== undefined && reason !== before && isServed(id)) {
        log.warn({ endpointId: id }, `its certificate is not renewed yet: ${reason}`)
      }
    }
    active -= 1
    if (active > 0) return
    for (const resolve of whenIdle) resolve()
    whenIdle = []
  }

  function ask(ids: readonly string[]): void {
    for (const id of ids) if (!underWay.has(id)) queue.add(id)
    for (let more = Math.min(requestsAtOnce - active, queue.size); more > 0; more -= 1) {
      active += 1
      void work()
    }
  }

  const idle = (): Promise<void> => (active === 0 ? Promise.resolve() : new Promise((done) => void whenIdle.push(done)))

  const isServed = (id: string): boolean => {
    const one = held.get(id)
    return one?.covers === true && clock.now() <= one.to
  }

  /** What is on disk for them, and has not been taken yet. */
  async function holdWanted(): Promise<void> {
    try {
      const own = await ownKey()
      for (const [id, subjects] of wanted) {
        const one = held.get(id)
        if (one === undefined) await takeKept(id, own)
        else if (one.subjects !== textOf(subjects)) {
          // It is shown for what it speaks for until there is one for all.
          one.subjects = textOf(subjects)
          one.covers = judge(one.chain, own, subjects).good
        }
      }
    } catch (error) {
      for (const id of wanted.keys()) reasons.set(id, (error as Error).message)
    }
    cancelLook ??= clock.after(renewalLookMs, look)
  }

  /** On a disk that cannot be written they stay, and do no harm: nobody is shown them. */
  async function tidy(gone: readonly string[]): Promise<void> {
    try {
      // At the first whole also those whose endpoints went while the edge was off.
      const left = swept ? gone : (await keptIds(directory)).filter((id) => !wanted.has(id))
      await Promise.all(left.map((id) => rm(join(directory, fileOf(id)), { force: true })))
      swept = true
      sayTidy(null)
    } catch (error) {
      swept = false // all of them again at the next whole
      sayTidy(`certificates of endpoints that are gone could not be removed: ${(error as Error).message}`)
    }
  }

  function look(): void {
    const now = clock.now()
    ask([...wanted.keys()].filter((id) => isDue(held.get(id) ?? { from: 0, to: 0 }, now)))
    cancelLook = clock.after(renewalLookMs, look)
  }

  return {
    async want(endpoints) {
      wanted = new Map(endpoints.filter(({ tls }) => tls).map((each) => [each.id, subjectsOf(each)]))
      const gone = [...held.keys()].filter((id) => !wanted.has(id))
      for (const id of gone) held.delete(id)
      for (const id of reasons.keys()) if (!wanted.has(id)) reasons.delete(id)
      if (wanted.size > 0) await holdWanted()
      await tidy(gone)
    },

    async obtain() {
      ask([...wanted.keys()].filter((id) => !isServed(id)))
      let cancel: () => void = () => undefined
      const enough = new Promise<void>((resolve) => {
        cancel = clock.after(obtainMs, resolve)
      })
      await Promise.race([idle(), enough])
      cancel()
      const missing = [...wanted.keys()].filter((id) => !isServed(id))
      return {
        bound: [...wanted.keys()].filter(isServed),
        failed: missing.slice(0, mostFailures).map((id) => ({ id, reason: reasonFor(reasons.get(id)) })),
      }
    },

    certificateFor(_serverName, endpointId, clientCa) {
      const one = held.get(endpointId)
      if (one === undefined || key === null) return null
      one.contexts ??= contextsOf({ key: key.pem, cert: one.chain })
      return one.contexts(clientCa)
    },

    pairFor(endpointId) {
      const one = held.get(endpointId)
      if (one === undefined || key === null) return null
      one.pair ??= { key: key.pem, cert: one.chain }
      return one.pair
    },

    async close() {
      closed = true
      cancelLook?.()
      client.close()
      await idle()
    },
  }
}

const nothing: Subjects = { names: [], addresses: [] }

const textOf = ({ names, addresses }: Subjects): string => [...names, ...addresses].join(' ')

/** Ids are the control plane's; whatever they hold, the name stays in the folder. */
const fileOf = (endpointId: string): string => `${encodeURIComponent(endpointId)}.crt`

async function keptIds(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name.endsWith('.crt')).map((name) => decodeURIComponent(name.slice(0, -4)))
}

const reasonFor = (said: string | undefined): string =>
  said === undefined ? certificateOnItsWay : `no certificate: ${said}`
