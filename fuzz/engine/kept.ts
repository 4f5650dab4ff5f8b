// The kept corpus: one text file for each target, one input in each line, in hex. What follows a `#` says why it is kept.
// As text, so that a review sees what came and went; small, so that the suite runs all of it each time.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Kept {
  readonly input: Buffer
  /** '' where it is only an input that led somewhere. */
  readonly says: string
}

const fileOf = (target: string): string => fileURLToPath(new URL(`../corpus/${target}.txt`, import.meta.url))

export function readKept(target: string): readonly Kept[] {
  const path = fileOf(target)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [hex = '', ...says] = line.split('#')
      return { input: Buffer.from(hex.trim(), 'hex'), says: says.join('#').trim() }
    })
}

/** In characters; the longest inputs are left out, which the seeds are made anew for. */
const largestFile = 32_768

/** What says why it is kept stays, whatever else is found. */
export function writeKept(target: string, found: readonly Buffer[]): void {
  const told = readKept(target).filter(({ says }) => says !== '')
  const there = new Set(told.map(({ input }) => input.toString('hex')))
  const plain = found.map((input) => input.toString('hex')).filter((hex) => !there.has(hex))
  let left = largestFile
  const short = plain.toSorted(shortFirst).filter((hex) => {
    left -= hex.length
    return left >= 0
  })
  const lines = [...told.map(({ input, says }) => `${input.toString('hex')} # ${says}`), ...short]
  writeFileSync(fileOf(target), lines.map((line) => `${line}\n`).join(''))
}

const shortFirst = (one: string, other: string): number => one.length - other.length || (one < other ? -1 : 1)
