// A plan is carried out: projects, then kind by kind what is made and changed, then what is deleted. Whatever was made is
// there when something fails in the middle; the error says what is left, and the next run goes on with it.

import type { Client } from '@postern/contract/client'
import { errorText } from '../core/error-text.ts'
import { UsageError } from '../core/usage-error.ts'
import { printable } from '../print/json.ts'
import { atOnce } from './at-once.ts'
import type { Hands, Kind, Site } from './kind.ts'
import type { Patience } from './patience.ts'
import type { Item, ProjectPlan } from './plan.ts'
import { changeProject, makeProject, newProjectFields } from './project.ts'
import { settle, type Waiting } from './settle.ts'
import { nounOf } from './show-plan.ts'

export interface CarryingOut {
  readonly client: Client
  readonly secrets: Hands['secrets']
  readonly patience: Patience
  readonly orgId: string
  readonly kinds: readonly Kind[]
  /** Waits until everything stands. */
  readonly wait: boolean
  readonly tell: (says: string) => void
}

interface Step {
  readonly site: Site
  readonly item: Item
}

/** Throws UsageError that says what was done and what was not. */
export async function carryOut(plan: readonly ProjectPlan[], parts: CarryingOut): Promise<void> {
  const { client, patience, kinds } = parts
  const hands: Hands = { client, patience, secrets: parts.secrets }
  const sites = plan.map(({ site }) => site)
  const steps = plan.flatMap(({ site, items }) =>
    items.filter(({ action }) => action !== 'keep').map((item): Step => ({ site, item })),
  )
  const log = logOf(steps, parts.tell)
  const waiting: Waiting = { client, patience, tell: parts.tell }
  const settled = async (kind: Kind | undefined): Promise<void> => {
    if (kind?.standings) await settle(kind, sites, waiting)
  }
  const doEach = (some: readonly Step[], work: (step: Step) => Promise<void>): Promise<unknown> =>
    atOnce(some, (step) => log.doing([step], () => work(step)))
  try {
    await doEach(
      steps.filter(({ item }) => item.kind === null),
      (step) => doProject(step, parts),
    )
    for (const kind of kinds) {
      const mine = steps.filter(({ item }) => item.kind === kind && item.action !== 'delete')
      if (mine.length === 0) continue
      const { waitsFor } = kind
      if (waitsFor && (waitsFor.always || parts.wait)) await settled(kinds.find(({ noun }) => noun === waitsFor.noun))
      if (kind.put) await putAll(kind, mine, { hands, log })
      else await atOnce(runsOf(kind, mine), (run) => doRun(kind, run, { hands, log, waiting }))
    }
    for (const kind of kinds.toReversed()) {
      await doEach(
        steps.filter(({ item }) => item.kind === kind && item.action === 'delete'),
        async ({ site, item }) => kind.remove?.(hands, site, item.found),
      )
    }
    for (const kind of parts.wait ? kinds : []) {
      await settled(kind)
      const { moves } = kind
      if (moves !== undefined) await settled(kinds.find(({ noun }) => noun === moves))
    }
  } catch (problem) {
    throw log.failure(problem)
  }
}

async function doProject({ site, item }: Step, { client, orgId }: CarryingOut): Promise<void> {
  const isNew = item.action === 'create'
  if (isNew) site.groupId = await makeProject(client, orgId, site.wish)
  await changeProject(
    client,
    site,
    isNew ? newProjectFields(site.wish) : new Set(item.changes.map(({ field }) => field)),
  )
}

/** What is done one after the other; all else by itself. */
function runsOf(kind: Kind, steps: readonly Step[]): readonly (readonly Step[])[] {
  const ordered = new Set(steps.map(({ site }) => site).filter((site) => kind.inOrder?.(site)))
  return [
    ...[...ordered].map((site) => steps.filter((step) => step.site === site)),
    ...steps.filter(({ site }) => !ordered.has(site)).map((step) => [step]),
  ]
}

async function doRun(
  kind: Kind,
  run: readonly Step[],
  { hands, log, waiting }: { readonly hands: Hands; readonly log: Log; readonly waiting: Waiting },
): Promise<void> {
  for (const step of run) {
    await log.doing([step], () => doOne(kind, step, hands))
    const isLast = step === run.at(-1)
    if (!isLast) await settle(kind, [step.site], { ...waiting, tell: () => {} }, new Set([step.item.key]))
  }
}

async function doOne(kind: Kind, { site, item }: Step, hands: Hands): Promise<void> {
  const { action, wish = {}, found, changes, after } = item
  if (action === 'change') return kind.change(hands, site, { wish, found, changes })
  if (after === 'leaving') await untilGone(kind, { site, item }, hands)
  return kind.make(hands, site, wish)
}

async function untilGone(kind: Kind, { site, item }: Step, { client, patience }: Hands): Promise<void> {
  const wait = patience.begin()
  const isThere = async (): Promise<boolean> =>
    (await kind.look(client, site)).some((found) => kind.keyOfFound(found, site) === item.key)
  while (await isThere()) await wait(leavingMs, `${kind.noun} ${printable(item.key)} is still on its way out`)
}

const leavingMs = 500

async function putAll(
  kind: Kind,
  steps: readonly Step[],
  { hands, log }: { readonly hands: Hands; readonly log: Log },
): Promise<void> {
  await atOnce([...new Set(steps.map(({ site }) => site))], (site) => {
    const mine = steps.filter((step) => step.site === site)
    return log.doing(mine, async () =>
      kind.put?.(
        hands,
        site,
        mine.map(({ item }) => item.wish ?? {}),
      ),
    )
  })
}

interface Log {
  /** Tells of these steps when the work is done; marks the failed ones when it is not. */
  readonly doing: (steps: readonly Step[], work: () => Promise<void>) => Promise<void>
  readonly failure: (problem: unknown) => UsageError
}

const pasts: Readonly<Record<Item['action'], string>> = {
  create: 'created',
  change: 'changed',
  delete: 'deleted',
  keep: 'left',
  blocked: 'left',
}

const named = ({ site, item }: Step): string =>
  `${nounOf(item)} ${printable(item.key)}${item.kind === null ? '' : ` of ${printable(site.wish.name)}`}`

function logOf(steps: readonly Step[], tell: (says: string) => void): Log {
  const done = new Set<Step>()
  const reasons: string[] = []
  return {
    doing: async (some, work) => {
      try {
        await work()
      } catch (problem) {
        reasons.push(`${some.map(named).join(', ')}: ${errorText(problem)}`)
        throw problem
      }
      for (const step of some) {
        done.add(step)
        tell(`[${done.size}/${steps.length}] ${pasts[step.item.action]} ${named(step)}`)
      }
    },
    failure: (problem) => {
      const why = reasons.length > 0 ? reasons : [errorText(problem)]
      const left = steps.filter((step) => !done.has(step))
      const lists =
        left.length === 0
          ? [`All ${steps.length} of the plan were done before.`]
          : [`Done: ${done.size} of ${steps.length}. Not done:`, ...left.map((step) => `  ${named(step)}`)]
      return new UsageError([...why, ...lists, 'Run it again to go on.'].join('\n'))
    },
  }
}
