// Asks edges something and waits for their answers, a moment at most. Nobody dials an edge: the question lies in the
// store until the edge fetches it, at whichever control plane it polls, and its answer lies there until it is read here.

import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import { edgeSchemas } from '@postern/contract/schemas/edge'
import type { Transaction } from 'kysely'
import { endingOf } from '../../http/ending.ts'
import { everything, loadEdgeIdentities, servesGroup } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'
import type { EdgeNews } from './news.ts'

export type AskParts = Pick<Parts, 'store' | 'clock' | 'ids'> & {
  readonly news: EdgeNews
  /** Aborts when an edge has had long enough. Not by the clock that is handed in: edges answer in time as it passes. */
  readonly patience?: () => AbortSignal
}

/** How long an edge may take. */
const patienceMs = 2_000
/** How often the store is looked into meanwhile: the answer may come to another control plane. */
const lookMs = 100
/** A question that is older was left behind by a control plane that died; no edge is to act on it any more. */
export const questionLivesMs = 10_000

/** Edges that serve this group and whose gateway has ever reported, in order: those that are heard of, and those that are not. */
export const knownGateways = async ({ store, clock }: Pick<Parts, 'store' | 'clock'>, groupId: string) => {
  const group = await store.read
    .selectFrom('group')
    .select(['id', 'org_id'])
    .where('id', '=', groupId)
    .executeTakeFirst()
  const identities = await loadEdgeIdentities(store.read)
  const rows = await store.read
    .selectFrom('edge_report')
    .select(['edge', 'seen'])
    .where('feed', '=', 'gateway')
    .orderBy('edge')
    .execute()
  const isAsked = (edge: string): boolean => {
    const { revoked = null, serves = everything } = identities.get(edge) ?? {}
    return revoked === null && group !== undefined && servesGroup(serves, { id: group.id, orgId: group.org_id })
  }
  const now = clock.now()
  const asked = rows.filter(({ edge }) => isAsked(edge))
  const silent = asked.filter(({ seen }) => isSilent({ seen: seen.getTime() }, now)).map(({ edge }) => edge)
  return { live: asked.map(({ edge }) => edge).filter((edge) => !silent.includes(edge)), silent }
}

export interface Asked {
  /** By edge, in the order in which they were asked. */
  readonly answers: ReadonlyMap<string, EdgeAnswer>
  readonly unanswered: readonly string[]
}

/**
 * Asks each edge its own question. `within` is done in the transaction that stores the questions, so that nothing is
 * asked without it. Ends early when the signal aborts.
 */
export const askEdges = async (
  { store, clock, ids, news, patience = () => AbortSignal.timeout(patienceMs) }: AskParts,
  questions: ReadonlyMap<string, Omit<EdgeQuestion, 'id'>>,
  { signal, within }: { readonly signal: AbortSignal; readonly within?: (tx: Transaction<Tables>) => Promise<void> },
): Promise<Asked> => {
  if (questions.size === 0) return { answers: new Map(), unanswered: [] }
  const id = ids.objectId()
  const askedAt = clock.now()
  const created = new Date(askedAt)
  const rows = [...questions].map(([edge, body]) => ({ id, edge, body: JSON.stringify({ id, ...body }), created }))
  await store.transact(async (tx) => {
    await within?.(tx)
    await tx
      .deleteFrom('edge_question')
      .where('created', '<', new Date(askedAt - questionLivesMs))
      .execute()
    await tx.insertInto('edge_question').values(rows).execute()
  })
  news.announce('questions')
  try {
    await answered()
    const found = await store.read
      .selectFrom('edge_question')
      .select(['edge', 'answer'])
      .where('id', '=', id)
      .where('answer', 'is not', null)
      .execute()
    const said = new Map(found.map(({ edge, answer }) => [edge, edgeSchemas.createEdgeAnswer.body.parse(answer)]))
    const edges = [...questions.keys()]
    return {
      answers: new Map(edges.flatMap((edge) => (said.has(edge) ? [[edge, said.get(edge) as EdgeAnswer]] : []))),
      unanswered: edges.filter((edge) => !said.has(edge)),
    }
  } finally {
    await store.transact((tx) => tx.deleteFrom('edge_question').where('id', '=', id).execute())
  }

  async function answered(): Promise<void> {
    const { signal: over, release } = endingOf(signal, patience())
    try {
      await look(over)
    } finally {
      release()
    }
  }

  async function look(over: AbortSignal): Promise<void> {
    for (;;) {
      const open = await store.read
        .selectFrom('edge_question')
        .select('edge')
        .where('id', '=', id)
        .where('answer', 'is', null)
        .executeTakeFirst()
      if (open === undefined || over.aborted) return
      await news.next('answers', lookMs, over)
    }
  }
}
