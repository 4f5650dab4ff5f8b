// From a file to what it says: read, look, plan, carry out. The commands and `up --apply` are thin shells around this.

import type { Client } from '@postern/contract/client'
import type { Io } from '../core/io.ts'
import { UsageError } from '../core/usage-error.ts'
import { carryOut } from './carry-out.ts'
import { kinds } from './kinds.ts'
import { lookAt, organizationOf } from './look.ts'
import { createPatience } from './patience.ts'
import { countOf, isEmpty, type PlanOptions, type ProjectPlan, planOf } from './plan.ts'
import type { FileRead } from './read-file.ts'
import { readSecrets, type Secrets } from './secrets.ts'
import { type ShownPlan, shownPlan } from './show-plan.ts'

export interface Planned {
  readonly orgId: string
  readonly plan: readonly ProjectPlan[]
  readonly shown: ShownPlan
  readonly isEmpty: boolean
}

/** What is to be done. Only looks. */
export async function planFile(
  file: FileRead,
  { client, orgId, ...options }: PlanOptions & { readonly client: Client; readonly orgId: () => Promise<string> },
): Promise<Planned> {
  const { wishes } = file
  const organization = await organizationOf(client, wishes, orgId)
  const looked = await lookAt(client, { wishes, orgId: organization, kinds })
  const plan = planOf(looked, kinds, options)
  const unlisted = options.prune ? 0 : countOf(planOf(looked, kinds, { ...options, prune: true }), 'delete')
  return { orgId: organization, plan, shown: shownPlan(plan, unlisted), isEmpty: isEmpty(plan) }
}

/** Throws UsageError where something differs that cannot be changed, or a secret is not there. */
export async function secretsFor(file: FileRead, { plan, shown }: Planned, env: Io['env']): Promise<Secrets> {
  if (shown.blocked > 0) {
    const names = shown.projects.flatMap(({ items }) =>
      items.filter(({ action }) => action === 'blocked').map(({ kind, name }) => `${kind} ${name}`),
    )
    throw new UsageError(`cannot be changed as it is: ${names.join(', ')}; nothing was done`)
  }
  return readSecrets(plan, { file, env })
}

export interface Doing {
  readonly client: Client
  readonly sleep: (ms: number) => Promise<void>
  /** How long all waits together may take; undefined: there is no end. */
  readonly timeoutSeconds: number | undefined
  readonly secrets: Secrets
  readonly wait: boolean
  readonly tell: (says: string) => void
}

/** Throws UsageError that says what was done and what was not. */
export const carryOutPlan = (planned: Planned, { sleep, timeoutSeconds, secrets, ...parts }: Doing): Promise<void> =>
  carryOut(planned.plan, {
    ...parts,
    orgId: planned.orgId,
    kinds,
    secrets: secrets.values,
    patience: createPatience(sleep, timeoutSeconds),
  })
