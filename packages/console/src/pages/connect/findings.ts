// The doctor's findings as the dialog shows them: in the order of causes, without what was not asked.

import type { Variant } from '@leafygreen-ui/badge'
import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Finding = ReplyOf<'diagnoseGroup'>['findings'][number]

const badge = (word: string, variant: `${Variant}`) => ({ word, variant: variant as Variant })

export const statusBadges: Readonly<Record<Finding['status'], ReturnType<typeof badge>>> = {
  OK: badge('ok', 'green'),
  WARNING: badge('warning', 'yellow'),
  FAILED: badge('failed', 'red'),
  COULD_NOT_TELL: badge('could not tell', 'lightgray'),
  NOT_APPLICABLE: badge('not applicable', 'lightgray'),
}

export const shownFindings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ status }) => status !== 'NOT_APPLICABLE')

/** One sentence for all of them. */
export function verdictOf(findings: readonly Finding[]): string {
  const failed = findings.filter(({ status }) => status === 'FAILED').length
  if (failed > 0) return `${failed} of ${findings.length} checks failed; the first one is the cause to begin with.`
  const open = findings.filter(({ status }) => status === 'WARNING' || status === 'COULD_NOT_TELL').length
  if (open > 0) return `Nothing failed; ${open} of ${findings.length} checks are worth a look.`
  return `All ${findings.length} checks are well, as far as the control plane sees.`
}
