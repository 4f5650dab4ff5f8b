// An edge as the page tells it: what it runs, for whom, how new what it serves is, and what can be done about it. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'
import { listenersVariable } from '@postern/contract/snapshot'

export type Edge = ReplyOf<'listEdges'>['results'][number]
export type Program = Edge['feeds'][number]['feed']
export type Removal = ReplyOf<'previewEdgeRemoval'>

export const programWords: Readonly<Record<Program, string>> = {
  gateway: 'Gateway',
  dns: 'DNS server',
  forwarder: 'Forwarder',
}

/** What it may run, or, where it shows the token that edges share, what it has reported of. */
export const programsTold = ({ identity, feeds }: Pick<Edge, 'identity' | 'feeds'>): string =>
  (identity?.serves.programs ?? feeds.map(({ feed }) => feed)).map((program) => programWords[program]).join(', ') || '—'

/** It is of the project, or may be: for whom a token is good that nobody has used yet is not told. */
export const servesGroup = (
  { identity }: Pick<Edge, 'identity'>,
  { groupId, orgId }: { readonly groupId: string; readonly orgId: string },
): boolean => {
  if (identity === null) return true
  const { orgIds, groupIds } = identity.serves
  return groupIds?.includes(groupId) ?? orgIds?.includes(orgId) ?? true
}

/** `names`: of projects by id; one that the viewer does not see is told by its id. */
export function servesTold(
  { identity, seen }: Pick<Edge, 'identity' | 'seen'>,
  names: ReadonlyMap<string, string>,
): string {
  if (identity === null) return seen === null ? 'What its token is for' : 'Every project'
  const { orgIds, groupIds } = identity.serves
  if (groupIds !== null) return groupIds.map((id) => names.get(id) ?? id).join(', ')
  return orgIds === null ? 'Every project' : 'Every project of its organizations'
}

/** Of its program, and what to do where the control plane runs another. */
export const versionTold = ({ version, versionIs }: Pick<Edge, 'version' | 'versionIs'>): string => {
  const told = version === null ? 'Version not told' : `Version ${version}`
  if (versionIs === 'OLDER') return `${told}: older than the control plane; upgrade it`
  return versionIs === 'NEWER' ? `${told}: newer than the control plane, which is to be upgraded first` : told
}

/** A line for each program. */
export const snapshotsTold = ({ feeds }: Pick<Edge, 'feeds'>): readonly string[] =>
  feeds.map(({ feed, n, behind, failed }) => {
    const age =
      behind === null ? 'none of this control plane yet' : behind === 0 ? `${n}, the newest` : `${n}, ${behind} behind`
    return [`${programWords[feed]}: ${age}`, ...failuresTold(failed)].join('; ')
  })

const failuresTold = (failed: Edge['feeds'][number]['failed']): readonly string[] => {
  if (failed === null) return ['what it cannot serve is shown to its owners']
  const unserved = failed.filter(({ id }) => id !== listenersVariable).length
  return [
    ...(unserved > 0 ? [`${unserved} not served`] : []),
    ...(unserved < failed.length ? ['its file of listeners needs a look'] : []),
  ]
}

/** Since when its state is what it is: the words before a moment; null where nothing is known of it. */
export const sinceOf = ({ state, seen, identity }: Edge): { readonly words: string; readonly at: string } | null => {
  if (state === 'REVOKED') return identity?.revoked ? { words: 'revoked', at: identity.revoked } : null
  if (seen === null) return identity === null ? null : { words: 'enrolled', at: identity.enrolled }
  return { words: state === 'SILENT' ? 'silent since' : 'heard', at: seen }
}

/** Why it cannot be done as things are; undefined where it can. */
export const revokeBlocked = ({ identity, enrolment }: Pick<Edge, 'identity' | 'enrolment'>): string | undefined => {
  if (enrolment !== null) return undefined
  if (identity === null) return 'It never enrolled: it shows the token that edges share.'
  return identity.revoked === null ? undefined : 'It is revoked.'
}

export const forgetBlocked = ({ state, seen, identity, enrolment }: Edge): string | undefined => {
  if (state === 'LIVE') return 'It runs: it would come again with its next report.'
  return seen === null && enrolment === null && identity?.revoked === null
    ? 'It has enrolled: revoke it first.'
    : undefined
}

const nameOfEdge = /^[A-Za-z0-9][\w.-]{0,62}$/

export interface Enrolment {
  readonly edge: string
  readonly programs: readonly string[]
  readonly someProjects: boolean
  readonly groupIds: readonly string[]
  readonly minutes: string
}

/** How long a token can be used, by minutes. */
export const lives = { '60': '1 hour', '1440': '1 day', '10080': '1 week' } as const

export const enrolBlocked = ({ edge, programs, someProjects, groupIds }: Enrolment): string | undefined => {
  if (!nameOfEdge.test(edge))
    return 'A name has letters, digits, dots, hyphens and underscores, and begins with one of the first two.'
  if (programs.length === 0) return 'Choose what it runs.'
  return someProjects && groupIds.length === 0 ? 'Choose a project.' : undefined
}

/** `url`: of the control plane, as the edge reaches it. */
export const startCommand = (url: string, edge: string, token: string, programs: readonly string[]): string => {
  const [only] = programs
  const own = programs.length === 1 && only !== 'forwarder'
  return [
    `POSTERN_URL=${url} \\`,
    `POSTERN_EDGE=${edge} \\`,
    `POSTERN_EDGE_ENROLMENT=${token} \\`,
    ...(own ? [] : [`POSTERN_EDGE_PROGRAMS=${programs.join(',')} \\`]),
    own ? `postern ${only}` : 'postern edge',
  ].join('\n')
}
