// A ready data folder in one file: initdb, migrations and the queue's tables, made once when the package is prepared,
// because initdb alone takes seconds on every first start. It carries a key of what it was made by; one that does not
// fit is left alone and the folder is made the slow way. It holds no epoch: each home gets its own.

import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Kysely, PGliteDialect } from 'kysely'
import { create, extract } from 'tar'
import { isDiskFull } from './folder.ts'
import { migrate, migrationsHash } from './migrations.ts'
import { openPglite } from './pglite.ts'
import { installQueueSchema } from './queue-schema.ts'

/** Versions that shape a data folder; a test holds them against package.json. */
export const templateMadeBy = { pglite: '0.5.16', pgBoss: '12.38.0' } as const

/** Names what a fitting template was made by. */
export const templateKey = `${migrationsHash}-pglite-${templateMadeBy.pglite}-boss-${templateMadeBy.pgBoss}`

export const templateName = 'store-template.tgz'

/** Where a bundle has its template: beside itself. Running from source there is none, and a first start is slower. */
export const shippedTemplate: string = fileURLToPath(new URL(`./${templateName}`, import.meta.url))

const keyFile = 'postern-template'

/** Makes an empty folder a ready data folder; leaves it closed. */
export const prepareDataDir = async (dataDir: string): Promise<void> => {
  const pglite = await openPglite(dataDir)
  try {
    await migrate(new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) }))
    await installQueueSchema(pglite)
  } finally {
    await pglite.close()
  }
}

/** Writes the template to `file` (a gzipped tar, about 5 MB); takes some seconds. */
export const buildTemplate = async (file: string): Promise<void> => {
  const target = resolve(file)
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(join(dirname(target), '.template-'))
  try {
    const data = join(work, 'data')
    await mkdir(data, { mode: 0o700 })
    await prepareDataDir(data)
    await writeFile(join(data, keyFile), templateKey)
    const made = join(work, 'made.tgz')
    await create({ gzip: { level: 6 }, file: made, cwd: data, portable: true }, ['.'])
    await rename(made, target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Makes the empty folder `dataDir` from a template: unpacked beside, then renamed, so that a crash leaves it empty.
 * Answers false, and leaves the folder empty, when there is no template there or it was made by something else. Rejects
 * when the disk is full.
 */
export const unpackTemplate = async (file: string, dataDir: string): Promise<boolean> => {
  const target = resolve(dataDir)
  await mkdir(dirname(target), { recursive: true })
  const beside = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
  try {
    await extract({ file, cwd: beside, strict: true })
    if ((await readFile(join(beside, keyFile), 'utf8')) !== templateKey) return false
    await rm(join(beside, keyFile))
    // A rename over an empty folder is one step.
    await rename(beside, target)
    return true
  } catch (error) {
    // Nor would there be room for what is done where there is no template.
    if (isDiskFull(error)) throw error
    return false
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}
