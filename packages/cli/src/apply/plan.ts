// What is to be done, decided from the file and from what is there. Pure.

import type { ProjectWish } from './form.ts'
import type { Change, Kind, Site } from './kind.ts'

export interface Item {
  /** Null: the project itself. */
  readonly kind: Kind | null
  /** `blocked`: something differs that is fixed when the thing is made. */
  readonly action: 'create' | 'change' | 'keep' | 'delete' | 'blocked'
  readonly key: string
  readonly changes: readonly Change[]
  readonly wish?: object
  readonly found?: unknown
  /** What has its place is still on its way out. */
  readonly after?: 'leaving'
}

export interface ProjectPlan {
  readonly site: Site
  /** The project itself first, then what is made and changed in the order of the kinds, then what is deleted. */
  readonly items: readonly Item[]
}

export interface LookedAt {
  readonly site: Site
  /** Null: there is no such project. */
  readonly project: { readonly changes: readonly Change[] } | null
  readonly found: ReadonlyMap<Kind, readonly unknown[]>
}

export interface PlanOptions {
  readonly prune: boolean
  /** Passwords that the file gives are set on users that are there, too. */
  readonly passwords: boolean
}

export const planOf = (
  looked: readonly LookedAt[],
  kinds: readonly Kind[],
  options: PlanOptions,
): readonly ProjectPlan[] =>
  looked.map(({ site, project, found }) => ({
    site,
    items: [
      projectItem(site.wish, project),
      ...kinds.flatMap((kind) => wished(kind, { site, found: found.get(kind) ?? [], options })),
      ...(options.prune ? kinds.toReversed().flatMap((kind) => unwished(kind, site, found.get(kind) ?? [])) : []),
    ],
  }))

/** True when nothing is to be done. */
export const isEmpty = (plan: readonly ProjectPlan[]): boolean =>
  plan.every(({ items }) => items.every(({ action }) => action === 'keep'))

export const countOf = (plan: readonly ProjectPlan[], action: Item['action']): number =>
  plan.reduce((sum, { items }) => sum + items.filter((item) => item.action === action).length, 0)

const projectItem = ({ name }: ProjectWish, project: LookedAt['project']): Item => ({
  kind: null,
  key: name,
  changes: project?.changes ?? [],
  action: project === null ? 'create' : actionOf(project.changes),
})

function actionOf(changes: readonly Change[]): Item['action'] {
  if (changes.length === 0) return 'keep'
  return changes.some(({ fixed }) => fixed) ? 'blocked' : 'change'
}

function wished(
  kind: Kind,
  { site, found, options }: { readonly site: Site; readonly found: readonly unknown[]; readonly options: PlanOptions },
): readonly Item[] {
  const there = new Map(found.map((each) => [kind.keyOfFound(each, site), each]))
  return (kind.wishes(site.wish) ?? []).map((wish): Item => {
    const key = kind.keyOf(wish)
    const each = there.get(key)
    if (each === undefined) return { kind, action: 'create', key, wish, changes: [] }
    if (kind.isLeaving?.(each)) return { kind, action: 'create', key, wish, changes: [], after: 'leaving' }
    const changes = [...kind.changes(wish, each), ...(options.passwords ? setAgain(kind, wish) : [])]
    return { kind, action: actionOf(changes), key, wish, found: each, changes }
  })
}

function setAgain(kind: Kind, wish: object): readonly Change[] {
  const secret = kind.secretOf?.(wish)
  const isPassword = secret?.field === 'password' && (secret.clear !== undefined || secret.from !== undefined)
  return isPassword ? [{ field: 'password', before: 'unknown', after: 'set again' }] : []
}

function unwished(kind: Kind, site: Site, found: readonly unknown[]): readonly Item[] {
  const keys = new Set((kind.wishes(site.wish) ?? []).map((wish) => kind.keyOf(wish)))
  const items = found.flatMap((each): readonly Item[] => {
    const key = kind.keyOfFound(each, site)
    if (keys.has(key) || kind.isLeaving?.(each) || kind.remove === undefined || !kind.isPruned?.(each, site)) return []
    return [{ kind, action: 'delete', key, found: each, changes: [] }]
  })
  return items.toSorted((one, other) => (one.key < other.key ? -1 : 1))
}
