// `up --apply file`: what the file says is made before anything is printed, by the owner's key and over HTTP, as
// `postern apply --yes` would do it. Passwords in clear are no matter for a warning here: it is the way of test seeds.

import { carryOutPlan, planFile, secretsFor } from '@postern/cli/apply/apply'
import { type FileRead, readWishes } from '@postern/cli/apply/read-file'
import type { Client } from '@postern/contract/client'
import type { Bootstrap } from './home.ts'

/** What an application may connect by, once the file is applied. */
export interface AppliedProject {
  readonly name: string
  readonly groupId: string
  readonly clusters: readonly { readonly name: string; readonly connectionStrings: readonly string[] }[]
}

const timeoutSeconds = 300

/** Throws UsageError that lists the faults of the file. */
export const readApplyFile = (path: string): Promise<FileRead> => readWishes(path, process.stdin)

/** Throws UsageError that says what was done and what was not. */
export async function applyFile(
  file: FileRead,
  {
    client,
    bootstrap,
    tell,
  }: { readonly client: Client; readonly bootstrap: Bootstrap; readonly tell: (says: string) => void },
): Promise<readonly AppliedProject[]> {
  const planned = await planFile(file, { client, orgId: async () => bootstrap.orgId, prune: false, passwords: false })
  await carryOutPlan(planned, {
    client,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    secrets: await secretsFor(file, planned, process.env),
    wait: true,
    timeoutSeconds,
    tell,
  })
  return Promise.all(planned.plan.map(({ site }) => appliedProject(client, site.wish.name, site.groupId)))
}

export const stringsOf = ({ clusters }: AppliedProject): readonly string[] =>
  clusters.flatMap(({ connectionStrings }) => connectionStrings)

async function appliedProject(client: Client, name: string, groupId: string): Promise<AppliedProject> {
  const { body } = await client.call('listGroupClusters', { params: { groupId }, query: { itemsPerPage: 500 } })
  const clusters = body.results.map((cluster) => ({
    name: cluster.name,
    connectionStrings: (cluster.connectionStrings.privateEndpoint ?? []).map(
      ({ connectionString }) => connectionString,
    ),
  }))
  return { name, groupId, clusters }
}
