// Who is connected to a cluster's members and did not come through a gateway of ours. Members are asked twice, and the
// gateways in between: who was there both times was joined when the gateways told their ports, so that a connection that
// just comes or goes is never taken for one that goes past them.

import { parseReach, type Reach } from '../../engines/engine.ts'
import { type MemberSession, memberSessions, SessionsNotShown } from '../../engines/member-sessions.ts'
import type { Parts } from '../../parts.ts'
import { isSharedTier } from '../cluster/connection-strings.ts'
import type { LoadedCluster } from '../cluster/rows.ts'
import { type AskParts, askEdges, knownGateways } from '../edge/ask.ts'

export type PastEndpoints = { readonly clusterName: string } & (
  | { readonly kind: 'LOOKED'; readonly past: readonly MemberSession[] }
  /** No endpoint leads there, or no member is to be asked. */
  | { readonly kind: 'NO_ENDPOINT' }
  /** The deployment was registered without an administrator. */
  | { readonly kind: 'NO_ADMINISTRATOR' }
  | { readonly kind: 'NOT_SHOWN'; readonly user: string }
  | { readonly kind: 'SILENT'; readonly who: string }
)

interface Look {
  readonly clusters: readonly LoadedCluster[]
  /** Our ids of the group's. */
  readonly endpoints: readonly string[]
  readonly isReached: (cluster: LoadedCluster) => boolean
  readonly signal: AbortSignal
}

type World = Pick<Parts, 'seal'> & AskParts

export const lookPastEndpoints = (world: World, look: Look): Promise<readonly PastEndpoints[]> =>
  Promise.all(
    look.clusters.map(async (cluster) => ({
      clusterName: cluster.row.name,
      ...(await lookAt(world, cluster, look)),
    })),
  )

type Outcome = PastEndpoints extends infer One ? (One extends unknown ? Omit<One, 'clusterName'> : never) : never

/** Roles that hold no users, or of whom nothing is heard: `member-answers` says so. */
const notAsked: ReadonlySet<string> = new Set(['arbiter', 'unknown'])

async function lookAt(world: World, cluster: LoadedCluster, { endpoints, isReached, signal }: Look): Promise<Outcome> {
  const { row, spec, strings } = cluster
  const hosts = strings.members.filter(({ role }) => !notAsked.has(role)).map(({ hostPort }) => hostPort)
  if (!isReached(cluster) || spec.paused || isSharedTier(strings.tier) || row.access === null || hosts.length === 0) {
    return { kind: 'NO_ENDPOINT' }
  }
  const reach = parseReach(world.seal.open(row.id, row.access))
  if (reach.admin === null) return { kind: 'NO_ADMINISTRATOR' }
  try {
    const before = await sessionsAt(hosts, reach)
    if (countOf(before) === 0) return { kind: 'LOOKED', past: [] }
    const { live, silent } = await knownGateways(world, row.group_id)
    const where = { endpointIds: endpoints, clusterId: row.id, appName: null, connectionId: null }
    const question = { do: 'ports' as const, where, from: 0, limit: 0 }
    const { answers, unanswered } = await askEdges(world, new Map(live.map((edge) => [edge, question])), { signal })
    const ours = new Set(
      [...answers.values()].flatMap(({ ports = [] }) =>
        ports.flatMap(({ member, ports: of }) => of.map((port) => `${member.toLowerCase()} ${port}`)),
      ),
    )
    const stayed = await sessionsAt([...before.keys()], reach)
    const past = [...stayed].flatMap(([hostPort, sessions]) => {
      const known = new Set(before.get(hostPort)?.map(({ id }) => id))
      return sessions.filter(({ id, port }) => known.has(id) && !ours.has(`${hostPort.toLowerCase()} ${port}`))
    })
    const away = [...unanswered, ...silent]
    if (past.length > 0 && away.length > 0) return { kind: 'SILENT', who: `edge ${away.join(', ')}` }
    return { kind: 'LOOKED', past }
  } catch (error) {
    if (error instanceof SessionsNotShown) return { kind: 'NOT_SHOWN', user: reach.admin.user }
    return { kind: 'SILENT', who: hosts.join(', ') }
  }
}

/** By member. One that just went is left out; rejects where all did, or where what they have is not shown. */
async function sessionsAt(
  hosts: readonly string[],
  reach: Reach,
): Promise<ReadonlyMap<string, readonly MemberSession[]>> {
  const asked = await Promise.allSettled(hosts.map((hostPort) => memberSessions(hostPort, reach)))
  const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  const notShown = refused.find((reason) => reason instanceof SessionsNotShown)
  if (notShown !== undefined || refused.length === hosts.length) throw notShown ?? refused[0]
  return new Map(
    hosts.flatMap((hostPort, at) => {
      const each = asked[at]
      return each?.status === 'fulfilled' ? [[hostPort, each.value] as const] : []
    }),
  )
}

const countOf = (sessions: ReadonlyMap<string, readonly MemberSession[]>): number =>
  [...sessions.values()].reduce((sum, each) => sum + each.length, 0)
