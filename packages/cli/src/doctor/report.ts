// How a diagnosis is printed and which exit code it is. Plain text shows what was found, first cause first; JSON always
// has every check.

import { type Finding, isNote } from '@postern/contract/diagnosis'
import { printable } from '../print/json.ts'

export interface Report {
  /** `the installation`, a cluster's name, an endpoint's id, `the connection string`. */
  readonly subject: string
  readonly findings: readonly Finding[]
}

/** 1: something failed. 2: nothing did, but a check that is no mere consequence could not be made. */
export const exitCodeOf = ({ findings }: Report): number => {
  if (findings.some(({ status }) => status === 'FAILED')) return 1
  return findings.some(({ status, follows }) => status === 'COULD_NOT_TELL' && follows === null) ? 2 : 0
}

const words = {
  OK: 'ok',
  WARNING: 'warning',
  FAILED: 'failed',
  NOT_APPLICABLE: 'not applicable',
  COULD_NOT_TELL: 'could not tell',
} as const satisfies Record<Finding['status'], string>

const isFound = ({ status, follows }: Finding): boolean =>
  status === 'FAILED' || status === 'WARNING' || (status === 'COULD_NOT_TELL' && follows === null)

/** `all`: also the checks that found nothing. */
export function plainReport({ subject, findings }: Report, all: boolean): string {
  const shown = all ? findings : findings.filter(isFound)
  const count = (status: Finding['status']): string => {
    const times = findings.filter((each) => each.status === status).length
    return times === 0 ? '' : `${times} ${words[status]}`
  }
  const counts = (['OK', 'FAILED', 'WARNING', 'COULD_NOT_TELL'] as const).map(count).filter((text) => text !== '')
  const notes = findings.filter(isNote).length
  const noted = notes === 0 || all ? '' : ` ${notes === 1 ? 'A note is' : `${notes} notes are`} shown with --all.`
  const nothing = findings.some(isFound) ? '' : ', nothing was found'
  return [...shown.map(paragraph), `${printable(subject)}: ${counts.join(', ')}${nothing}.${noted}\n`].join('\n')
}

function paragraph(each: Finding): string {
  const { id, status, found, why, whatToDo, command, follows } = each
  const lines = [
    `${id}: ${isNote(each) ? 'note' : words[status]}`,
    `  ${printable(found)}`,
    ...(follows === null ? [] : [`  It follows from ${follows}.`]),
    ...(why === null ? [] : [`  Why that matters: ${printable(why)}`]),
    ...(whatToDo === null ? [] : [`  What to do: ${printable(whatToDo)}`]),
    ...(command === null ? [] : [`  $ ${printable(command)}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
