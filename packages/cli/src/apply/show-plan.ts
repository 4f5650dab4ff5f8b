// A plan as text and as data. Neither holds a secret: plans do not.

import { printable } from '../print/json.ts'
import { countOf, type Item, type ProjectPlan } from './plan.ts'

const marks: Readonly<Record<Exclude<Item['action'], 'keep'>, string>> = {
  create: '+',
  change: '~',
  delete: '-',
  blocked: '!',
}

export interface ShownPlan {
  readonly projects: readonly {
    readonly name: string
    readonly items: readonly {
      readonly action: Item['action']
      readonly kind: string
      readonly name: string
      readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[]
    }[]
  }[]
  readonly create: number
  readonly change: number
  readonly delete: number
  readonly keep: number
  readonly blocked: number
  /** Things of the listed kinds that the file does not list; `--prune` deletes them. */
  readonly unlisted: number
}

export const nounOf = ({ kind }: Pick<Item, 'kind'>): string => kind?.noun ?? 'project'

export const shownPlan = (plan: readonly ProjectPlan[], unlisted: number): ShownPlan => ({
  projects: plan.map(({ site, items }) => ({
    name: site.wish.name,
    items: items.map((item) => ({
      action: item.action,
      kind: nounOf(item),
      name: item.key,
      changes: item.changes.map(({ field, before, after }) => ({ field, before, after })),
    })),
  })),
  create: countOf(plan, 'create'),
  change: countOf(plan, 'change'),
  delete: countOf(plan, 'delete'),
  keep: countOf(plan, 'keep'),
  blocked: countOf(plan, 'blocked'),
  unlisted,
})

export function planText({ projects, ...counts }: ShownPlan): string {
  const lines = projects.flatMap(({ name, items }) => {
    const shown = items.flatMap((item) => (item.action === 'keep' ? [] : itemLines(item)))
    return shown.length === 0 ? [] : [`Project ${printable(name)}`, ...shown]
  })
  const { create, change, delete: gone, keep, blocked, unlisted } = counts
  if (lines.length === 0) lines.push('Nothing to do: everything is as the file says.')
  else {
    const parts = [`${create} to create`, `${change} to change`, `${gone} to delete`, `${keep} left alone`]
    lines.push('', `Plan: ${parts.join(', ')}.`)
  }
  if (blocked > 0)
    lines.push(`${blocked} marked ! cannot be changed as they are: delete them first, or let the file say what is.`)
  if (unlisted > 0) lines.push(`Not in the file: ${unlisted}; --prune deletes them.`)
  return `${lines.join('\n')}\n`
}

function itemLines({ action, kind, name, changes }: ShownPlan['projects'][number]['items'][number]): readonly string[] {
  if (action === 'keep') return []
  const fields = changes.map(
    ({ field, before, after }) => `      ${field}: ${printable(before)} -> ${printable(after)}`,
  )
  return [`  ${marks[action]} ${kind} ${printable(name)}`, ...fields]
}
