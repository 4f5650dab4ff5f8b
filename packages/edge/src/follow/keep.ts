// The last good snapshot on disk, so that an edge starts and serves while the control plane is away. The text is kept as
// it came, so that a newer edge finds the fields that an older one did not know.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Feed } from '@postern/contract/snapshot'
import { readDurable, writeDurable } from '../durable-file.ts'
import { largestBytes } from './parse-snapshot.ts'

const nameOf = (feed: Feed): string => `${feed}.json`

/** The kept text, or null when there is none yet. Throws for a file that is too large or cannot be read. */
export const readKept = (directory: string, feed: Feed): Promise<string | null> =>
  readDurable(join(directory, nameOf(feed)), largestBytes)

/** Nothing is served at the next start. */
export const removeKept = (directory: string, feed: Feed): Promise<void> =>
  rm(join(directory, nameOf(feed)), { force: true })

/** Replaces the kept text (mode 600, the folder 700) and returns when it would survive a crash. */
export const writeKept = (directory: string, feed: Feed, json: string): Promise<void> =>
  writeDurable(directory, nameOf(feed), json)
