// What a cluster is, on disk beside its data: name, set name, ports, and TLS material where members have it (hence
// mode 600). Written last when a cluster is made: a folder without it was never acknowledged.
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { TlsMaterial } from './member.ts'
import { syncFolder } from './storage.ts'

export type ClusterFacts = {
  readonly id: string
  readonly name: string
  readonly setName: string
  readonly ports: readonly number[]
  /** How members spell their hosts, by number; null, or not told: by the address that they listen on. */
  readonly hosts?: readonly (string | null)[]
  /** Numbers of members that clients are not told of. */
  readonly hidden?: readonly number[]
  /** Rises with each change of the members; 1 where it is not told. */
  readonly setVersion?: number
  /** Members are routers of a sharded cluster, not members of a replica set. */
  readonly routers?: boolean
  /** No member listens until the cluster is resumed. */
  readonly paused?: boolean
  readonly tls?: TlsMaterial
}

const fileName = 'cluster.json'

/** @returns undefined when there is no such file */
export async function readClusterFile(dir: string): Promise<ClusterFacts | undefined> {
  try {
    const facts: ClusterFacts = JSON.parse(await readFile(join(dir, fileName), 'utf8'))
    return facts
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeClusterFile(dir: string, facts: ClusterFacts): Promise<void> {
  const path = join(dir, fileName)
  const file = await open(`${path}.part`, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(facts, null, 2))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  await syncFolder(dir)
}
