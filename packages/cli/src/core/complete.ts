// What could stand where the cursor is, read from the command table. The shells' scripts ask by the hidden word
// `__complete` and read Cobra's protocol: a candidate and its description on each line, then `:` and what to do with them.

import { type Branch, type Flag, isBranch, type Leaf } from './command.ts'
import { type Found, findCommand } from './find-command.ts'
import { globalFlags } from './global-flags.ts'

/** Cobra's bits: no blank behind the candidate; no names of files in place of candidates. */
const noSpace = 2
const noFiles = 4

interface Candidate {
  readonly text: string
  readonly about: string
}

interface Completion {
  readonly candidates: readonly Candidate[]
  readonly directive: number
}

const nothing: Completion = { candidates: [], directive: noFiles }

export interface CompletionParts {
  readonly root: Branch
  /** Words behind the program's name; the last one, which may be empty, is the one that is being typed. */
  readonly words: readonly string[]
  readonly profileNames: () => Promise<readonly string[]>
}

/** The answer as the scripts read it. Words that lead nowhere have no candidates. */
export async function completionText(parts: CompletionParts): Promise<string> {
  const { candidates, directive } = await complete(parts)
  return `${candidates.map(({ text, about }) => `${text}\t${about}\n`).join('')}:${directive}\n`
}

async function complete({ root, words, profileNames }: CompletionParts): Promise<Completion> {
  // Bash cuts `--output=json` into three words.
  const before = words.slice(0, -1).filter((word) => word !== '=')
  const typed = words.at(-1) ?? ''
  const [, flagTyped, valueTyped = ''] = /^(--[\w-]+=)(.*)$/s.exec(typed) ?? []
  const valued = flagTyped?.slice(0, -1) ?? before.at(-1) ?? ''
  const path = flagTyped === undefined && isOpenFlag(valued) ? before.slice(0, -1) : before
  const found = await findCommand(root, path).catch(() => undefined)
  if (found === undefined) return nothing
  const flags = flagsOf(found.command)
  const flag = isOpenFlag(valued) ? flags.find((one) => spellings(one).includes(valued)) : undefined
  if (flag !== undefined && flag.kind !== 'switch') {
    const values = await flagValues(flag, profileNames)
    return flagTyped === undefined
      ? narrowed(values, typed === '=' ? '' : typed)
      : withFront(narrowed(values, valueTyped), flagTyped)
  }
  // A switch takes no value, so what is behind it is the next word.
  const place = path === before ? found : ((await findCommand(root, before).catch(() => undefined)) ?? found)
  if (typed.startsWith('-'))
    return narrowed({ candidates: flags.filter(isShown).map(flagCandidate), directive: noFiles }, typed)
  return narrowed(isBranch(place.command) ? wordsBelow(place) : argumentValues(place.command, place.rest), typed)
}

const isOpenFlag = (word: string): boolean => /^-./.test(word) && !word.includes('=')
const isShown = (flag: Flag): boolean => flag.hidden !== true && flag.deprecated === undefined

const flagsOf = (command: Branch | Leaf): readonly Flag[] => [
  ...(isBranch(command) ? [] : (command.flags ?? [])),
  ...globalFlags,
]

const spellings = (flag: Flag): readonly string[] => [
  `--${flag.name}`,
  ...(flag.also ?? []).map((name) => `--${name}`),
  ...(flag.short === undefined ? [] : [`-${flag.short}`]),
]

const flagCandidate = (flag: Flag): Candidate => ({ text: `--${flag.name}`, about: flag.usage })

async function flagValues(flag: Flag, profileNames: CompletionParts['profileNames']): Promise<Completion> {
  if (flag.completes === 'files') return { candidates: [], directive: 0 }
  const values = flag.completes === 'profiles' ? await profileNames().catch(() => []) : (flag.completes ?? [])
  const candidates = values.map((text) => ({ text, about: '' }))
  return { candidates, directive: noFiles | (values.some((value) => value.endsWith('=')) ? noSpace : 0) }
}

const wordsBelow = ({ children }: Found): Completion => ({
  candidates: children
    .filter((child) => child.hidden !== true)
    .map((child) => ({ text: child.word, about: child.short })),
  directive: noFiles,
})

/** `rest` holds flags and their values too, so only a table without a choice of places is asked for values. */
function argumentValues(leaf: Leaf, rest: readonly string[]): Completion {
  const args = leaf.args ?? []
  const typed = rest.filter((word) => !word.startsWith('-')).length
  const arg = args[Math.min(typed, args.length - 1)]
  return { candidates: (arg?.oneOf ?? []).map((text) => ({ text, about: '' })), directive: noFiles }
}

const narrowed = ({ candidates, directive }: Completion, typed: string): Completion => ({
  candidates: candidates.filter(({ text }) => text.startsWith(typed)),
  directive,
})

const withFront = ({ candidates, directive }: Completion, front: string): Completion => ({
  candidates: candidates.map(({ text, about }) => ({ text: `${front}${text}`, about })),
  directive,
})
